//===- Verify.cpp - edgec verify ------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Exceptions.h"
#include "edgec/Tools/Isolation.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/Verification.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <cstdlib>
#include <fmt/format.h>
#include <thread>

using namespace edgec;
using namespace llvm;

namespace {

struct Request {
  std::vector<TestFolder> folders;
  LoadOptions load;
  Tolerance tolerance;
  double minSqnr = 0;
  VerificationData data;
  IsolationOptions isolation;
  std::optional<Exceptions> exceptions;
  bool json = false;
};

struct Verdict {
  std::string name;
  bool passed = false;
  double maxError = 0;
  std::string reason;    ///< Of a failure; else what there is to add.
  std::string exception; ///< Why a failure was expected; else empty.
};

struct Counts {
  size_t passed = 0, failed = 0, expected = 0;

  void add(const Verdict &verdict) {
    ++(verdict.passed ? passed : verdict.exception.empty() ? failed : expected);
  }
};

/// --stream and its like, which are about one model.
Error addStreamOptions(const opt::InputArgList &arguments, Request &request) {
  VerificationData &data = request.data;
  Expected<StreamOptions> stream = streamOptions(arguments);
  if (!stream)
    return stream.takeError();
  data.stream = std::move(*stream);
  data.inputs = arguments.getAllArgValues(OPT_input);
  bool hasSteps = !data.stream.steps.empty() || !data.stream.states.empty();
  if (data.stream.steps.empty() && arguments.hasArg(OPT_hop))
    return usageError("--hop needs --stream");
  if (!hasSteps)
    return data.inputs.empty()
               ? Error::success()
               : usageError("--input needs --stream or --state");
  if (!data.path.empty())
    return usageError("--data has samples without a state; give --stream or "
                      "--data");
  for (const TestFolder &folder : request.folders)
    if (sys::fs::is_directory(folder.path))
      return usageError("--stream and --state are for a model, not for '" +
                        folder.path + "' and its data sets");
  return Error::success();
}

Expected<Request> parseRequest(const opt::InputArgList &arguments) {
  Request request;
  for (const std::string &root : arguments.getAllArgValues(OPT_INPUT)) {
    Expected<std::vector<TestFolder>> found = findTestFolders(root);
    if (!found)
      return found.takeError();
    append_range(request.folders, *found);
  }
  if (request.folders.empty())
    return usageError("no model is given; give an ONNX file, a folder with "
                      "model.onnx and test_data_set_0, or a folder of such "
                      "folders");
  Expected<LoadOptions> load = loadOptions(arguments);
  if (!load)
    return load.takeError();
  request.load = std::move(*load);
  // Here --min-sqnr is what the outputs are compared by.
  request.load.budget = Budget();
  request.load.quiet = true;

  Expected<double> rtol = numberOption(arguments, OPT_rtol, Tolerance().rtol);
  if (!rtol)
    return rtol.takeError();
  Expected<double> atol = numberOption(arguments, OPT_atol, Tolerance().atol);
  if (!atol)
    return atol.takeError();
  request.tolerance = {*rtol, *atol};
  Expected<double> minSqnr =
      numberOption(arguments, OPT_min_sqnr, /*otherwise=*/80);
  if (!minSqnr)
    return minSqnr.takeError();
  request.minSqnr = *minSqnr;
  request.data.path = arguments.getLastArgValue(OPT_data).str();
  Expected<Preprocessing> preprocessing = preprocessingOptions(arguments);
  if (!preprocessing)
    return preprocessing.takeError();
  request.data.preprocessing = std::move(*preprocessing);
  Expected<int64_t> limit = countOption(arguments, OPT_limit, 0);
  if (!limit)
    return limit.takeError();
  request.data.limit = *limit;
  if (Error error = addStreamOptions(arguments, request))
    return std::move(error);
  Expected<int64_t> jobs = countOption(
      arguments, OPT_jobs, std::max(1u, std::thread::hardware_concurrency()));
  if (!jobs)
    return jobs.takeError();
  Expected<int64_t> timeout = countOption(arguments, OPT_timeout, 300);
  if (!timeout)
    return timeout.takeError();
  request.isolation.jobs = static_cast<unsigned>(std::min<int64_t>(*jobs, 256));
  request.isolation.timeout = std::chrono::seconds(*timeout);
  // With one folder, what the compiler prints is about that folder.
  request.isolation.keepStandardError = request.folders.size() == 1;
  if (const opt::Arg *argument = arguments.getLastArg(OPT_exceptions)) {
    Expected<Exceptions> exceptions = Exceptions::read(argument->getValue());
    if (!exceptions)
      return exceptions.takeError();
    request.exceptions = std::move(*exceptions);
  }
  request.json = arguments.hasArg(OPT_json);
  return request;
}

// How a verdict travels from the process that finds it: a letter and a text,
// "P1.5e-7 fixed 'sizes'" or "Freason".
constexpr char passedMark = 'P', failedMark = 'F';

/// A reason in one line, however many errors and notes there are, without the
/// path of the model, which the line names already.
std::string oneLine(StringRef text, const TestFolder &folder) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  std::string result;
  std::string model = folder.path + "/model.onnx: ";
  for (StringRef line : lines) {
    line = line.trim();
    line.consume_front("note: ");
    line.consume_front(model);
    result += (result.empty() ? "" : "; ") + line.str();
  }
  return result;
}

std::string verify(const TestFolder &folder, const Request &request) {
  Expected<Verified> verified =
      sys::fs::is_directory(folder.path)
          ? verifyFolder(folder.path, request.load, request.tolerance)
          : verifyModel(folder.path, request.load, request.data,
                        request.minSqnr);
  if (!verified)
    return failedMark + oneLine(toString(verified.takeError()), folder);
  std::string note;
  if (!verified->fixedInputs.empty())
    note = "fixed " + quotedList(verified->fixedInputs);
  if (verified->sqnr)
    note = fmt::format("{:.1f} dB against the interpreter", *verified->sqnr);
  return fmt::format("{}{} {}", passedMark, verified->maxError, note);
}

Verdict toVerdict(const TestFolder &folder, const IsolatedResult &result) {
  Verdict verdict;
  verdict.name = folder.name;
  verdict.reason = result.text;
  StringRef text = result.text;
  if (!result.completed || text.empty())
    return verdict;
  verdict.passed = text.front() == passedMark;
  verdict.reason = text.drop_front().str();
  if (verdict.passed) {
    auto [error, note] = text.drop_front().split(' ');
    error.getAsDouble(verdict.maxError);
    verdict.reason = note.str();
  }
  return verdict;
}

/// Sorts out what was expected to fail, and fails what was and passes: so the
/// list never outlives its reasons.
void applyExceptions(Verdict &verdict, const Exceptions &exceptions) {
  std::optional<StringRef> reason = exceptions.reasonOf(verdict.name);
  if (!reason)
    return;
  if (!verdict.passed) {
    verdict.exception = reason->str();
    return;
  }
  verdict.passed = false;
  verdict.reason = "passes, but is listed as an exception (" + reason->str() +
                   "); remove that line";
}

void print(const Verdict &verdict) {
  if (verdict.passed)
    outs() << fmt::format(
        "PASS {} max-error {:.2g}{}\n", verdict.name, verdict.maxError,
        verdict.reason.empty() ? "" : " (" + verdict.reason + ")");
  else if (!verdict.exception.empty())
    outs() << fmt::format("XFAIL {} ({}) {}\n", verdict.name, verdict.exception,
                          verdict.reason);
  else
    outs() << fmt::format("FAIL {} {}\n", verdict.name, verdict.reason);
  outs().flush();
}

void printJson(ArrayRef<Verdict> verdicts, const Counts &counts) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attributeArray("folders", [&] {
      for (const Verdict &verdict : verdicts)
        stream.object([&] {
          stream.attribute("name", verdict.name);
          stream.attribute("passed", verdict.passed);
          if (verdict.passed)
            stream.attribute("max_error", verdict.maxError);
          if (!verdict.reason.empty())
            stream.attribute("reason", json::fixUTF8(verdict.reason));
          if (!verdict.exception.empty())
            stream.attribute("exception", json::fixUTF8(verdict.exception));
        });
    });
    stream.attribute("passed", counts.passed);
    stream.attribute("failed", counts.failed);
    stream.attribute("expected_failures", counts.expected);
  });
  outs() << "\n";
}

void printSummary(const Counts &counts, bool hasExceptions) {
  outs() << fmt::format("{} passed, {} failed", counts.passed, counts.failed);
  if (hasExceptions)
    outs() << fmt::format(", {} expected to fail", counts.expected);
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  Expected<Request> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  // Temporary files of processes that crash go with this folder.
  Expected<TemporaryFolder> temporary = TemporaryFolder::create();
  if (!temporary)
    return temporary.takeError();
  setenv("TMPDIR", temporary->path().str().c_str(), /*overwrite=*/1);

  std::vector<Verdict> verdicts;
  Counts counts;
  ProgressBar progress("verifying", request->folders.size());
  auto task = [&](size_t index) {
    return verify(request->folders[index], *request);
  };
  auto done = [&](size_t index, const IsolatedResult &result) {
    Verdict verdict = toVerdict(request->folders[index], result);
    if (request->exceptions)
      applyExceptions(verdict, *request->exceptions);
    counts.add(verdict);
    progress.clear();
    if (!request->json)
      print(verdict);
    verdicts.push_back(std::move(verdict));
    progress.update(verdicts.size());
  };
  if (Error error =
          runIsolated(request->folders.size(), request->isolation, task, done))
    return error;
  progress.clear();
  if (request->json)
    printJson(verdicts, counts);
  else
    printSummary(counts, request->exceptions.has_value());
  return counts.failed == 0 ? Error::success() : mismatchError();
}

} // namespace

const Command edgec::verifyCommand = {
    "verify",
    "FOLDER|MODEL.onnx... [options]",
    "Compare compiled models with expected outputs or the interpreter.",
    "A folder in ONNX's test layout has model.onnx and in test_data_set_0,\n"
    "test_data_set_1, ... input_0.pb, output_0.pb, ... (.npy will do as "
    "well);\n"
    "other folders are searched for such.\n"
    "A model without a folder is compared with the reference interpreter, on\n"
    "the samples of --data or on a random input. Each is verified in a process "
    "of its own. The last line\n"
    "is 'N passed, N failed', with --exceptions followed by\n"
    "', N expected to fail'.\n"
    "Example: edgec verify /usr/share/libonnx-testdata/data/simple",
    VerifyCommand,
    run};
