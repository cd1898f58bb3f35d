//===- edgec-random.cpp - Random graphs through all that runs them --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/Check.h"
#include "edgec/Random/RandomGraph.h"
#include "edgec/Random/Reduce.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/ModuleText.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/Isolation.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include <fmt/format.h>
#include <thread>

using namespace edgec;
using namespace llvm;

namespace {

cl::OptionCategory category("edgec-random's options");

cl::list<std::string> fileNames(cl::Positional, cl::cat(category),
                                cl::desc("[FILE.mlir...]"));
cl::opt<uint64_t> seedOption("seed", cl::cat(category), cl::init(1),
                             cl::desc("The first graph's seed (1)"));
cl::opt<uint64_t> countOption("count", cl::cat(category), cl::init(100),
                              cl::desc("Graphs: one a seed (100)"));
cl::opt<unsigned> leastNodes("least-nodes", cl::cat(category), cl::init(5),
                             cl::desc("Rows of a graph at least (5)"));
cl::opt<unsigned> mostNodes("most-nodes", cl::cat(category), cl::init(40),
                            cl::desc("Rows of a graph at most (40)"));
cl::list<std::string>
    only("only", cl::cat(category), cl::CommaSeparated,
         cl::desc("Only rows of these operations: edge.conv,edge.add"));
cl::opt<std::string> target("target", cl::cat(category), cl::init("host"),
                            cl::desc("As of edgec (host); of other machines "
                                     "in an emulator"));
cl::opt<bool> throughOnnx("onnx", cl::cat(category),
                          cl::desc("Export, import and interpret too"));
cl::opt<std::string> faultName("fault", cl::cat(category),
                               cl::desc("Plant this fault into the code"));
cl::opt<bool> listFaults("list-faults", cl::cat(category),
                         cl::desc("Print the faults that can be planted"));
cl::opt<std::string>
    folderName("save", cl::cat(category),
               cl::desc("Write failing graphs to this folder"));
cl::opt<bool> reduceOption("reduce", cl::cat(category),
                           cl::desc("Write them reduced, too"));
cl::opt<bool> coverageOption("coverage", cl::cat(category),
                             cl::desc("Print how often operations and kernel "
                                      "rows have occurred"));
cl::opt<int64_t> leastCoverageOption(
    "least-coverage", cl::cat(category), cl::init(0),
    cl::desc("Fail where a row has occurred less often than this (0)"));
cl::opt<bool> printOption("print", cl::cat(category),
                          cl::desc("Print the graphs instead of running them"));
cl::opt<unsigned> jobsOption("jobs", cl::cat(category), cl::init(0),
                             cl::desc("Processes at a time (one a core)"));

/// So many graphs share a process and a context, which take longer to make than
/// a graph.
constexpr uint64_t batchSize = 20;
constexpr std::chrono::seconds timeoutOfGraph{60};

/// What stands on the command line, kept: linking in this process resets
/// options.
struct Request {
  CheckOptions check;
  RandomGraphOptions graph;
  std::vector<std::string> files;
  std::string folder;
  uint64_t firstSeed, graphs;
  int64_t leastCoverage;
  unsigned jobs;
  bool reduce, coverage, print;

  Request()
      : files(fileNames), folder(folderName), firstSeed(seedOption),
        graphs(countOption), leastCoverage(leastCoverageOption),
        jobs(jobsOption != 0
                 ? jobsOption
                 : std::max(1u, std::thread::hardware_concurrency())),
        reduce(reduceOption), coverage(coverageOption), print(printOption) {
    check.load.target.target = target;
    check.load.quiet = true;
    check.throughOnnx = graph.exportable = throughOnnx;
    check.fault = findPlantedFault(faultName);
    graph.leastNodes = leastNodes;
    graph.mostNodes = mostNodes;
    graph.only = only;
  }
};

std::shared_ptr<CompilerSession> makeSession() {
  auto session = std::make_shared<CompilerSession>(/*quiet=*/true);
  session->context().disableMultithreading();
  return session;
}

std::string inOneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

//===----------------------------------------------------------------------===//
// Graphs by their seeds
//===----------------------------------------------------------------------===//

/// Checks the graph of a seed; empty, or what is wrong.
std::string checkSeed(const Request &request,
                      const std::shared_ptr<CompilerSession> &session,
                      uint64_t seed, Coverage &coverage) {
  auto module = makeRandomGraph(&session->context(), seed, request.graph);
  if (!module)
    return "made: " +
           inOneLine(toString(session->takeErrors("the graph is not valid")));
  if (Error error = checkModule(session, *module, request.check, &coverage))
    return inOneLine(toString(std::move(error)));
  return "";
}

// How results travel from the process that has them, a line each: "F7 reason"
// of a seed that failed, "C12 row" of counts.
constexpr char failureMark = 'F', countMark = 'C';

std::string checkSeeds(const Request &request, uint64_t first, uint64_t count) {
  std::shared_ptr<CompilerSession> session = makeSession();
  Coverage coverage;
  std::string text;
  for (uint64_t seed = first; seed < first + count; ++seed)
    if (std::string reason = checkSeed(request, session, seed, coverage);
        !reason.empty())
      text += fmt::format("{}{} {}\n", failureMark, seed, reason);
  for (const auto &[row, number] : coverage.rows())
    text += fmt::format("{}{} {}\n", countMark, number, row);
  return text;
}

struct Failure {
  uint64_t seed;
  std::string reason;
};

struct Summary {
  Coverage coverage;
  std::vector<Failure> failures;

  void add(StringRef text) {
    for (StringRef line : split(text, '\n')) {
      auto [number, rest] = line.drop_front(!line.empty()).split(' ');
      uint64_t value = 0;
      if (line.empty() || number.getAsInteger(10, value))
        continue;
      if (line.front() == failureMark)
        failures.push_back({value, rest.str()});
      else
        coverage.add(rest.str(), static_cast<int64_t>(value));
    }
  }
};

/// Runs all graphs in processes of their own, a batch each; where one of a
/// batch brings its process down, each of them alone.
Error checkAll(const Request &request, Summary &summary) {
  std::vector<uint64_t> alone;
  size_t batches = divideCeil(request.graphs, batchSize);
  ProgressBar progress("random graphs", static_cast<int64_t>(request.graphs));
  auto countOf = [&](size_t batch) {
    return std::min<uint64_t>(batchSize, request.graphs - batch * batchSize);
  };
  IsolationOptions isolation;
  isolation.jobs = request.jobs;
  isolation.timeout = timeoutOfGraph * batchSize;
  isolation.keepStandardError = false;
  Error error = runIsolated(
      batches, isolation,
      [&](size_t batch) {
        return checkSeeds(request, request.firstSeed + batch * batchSize,
                          countOf(batch));
      },
      [&](size_t batch, IsolatedResult result) {
        if (result.completed)
          summary.add(result.text);
        else
          for (uint64_t i = 0; i < countOf(batch); ++i)
            alone.push_back(request.firstSeed + batch * batchSize + i);
        progress.update(static_cast<int64_t>(
            std::min<uint64_t>(request.graphs, (batch + 1) * batchSize)));
      });
  if (error)
    return error;
  isolation.timeout = timeoutOfGraph;
  return runIsolated(
      alone.size(), isolation,
      [&](size_t index) { return checkSeeds(request, alone[index], 1); },
      [&](size_t index, IsolatedResult result) {
        if (result.completed)
          summary.add(result.text);
        else
          summary.failures.push_back({alone[index], result.text});
      });
}

//===----------------------------------------------------------------------===//
// Modules from files, and reduced ones
//===----------------------------------------------------------------------===//

std::string checkText(const Request &request, StringRef text) {
  if (Error error = checkTextNesting(MemoryBufferRef(text, "module")))
    return inOneLine("read: " + toString(std::move(error)));
  std::shared_ptr<CompilerSession> session = makeSession();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      text, mlir::ParserConfig(&session->context()));
  if (!module)
    return "read: " +
           inOneLine(toString(session->takeErrors("it is not a valid module")));
  if (Error error = checkModule(session, *module, request.check))
    return inOneLine(toString(std::move(error)));
  return "";
}

/// The same in a process of its own, which may crash.
std::string checkIsolated(const Request &request, StringRef text) {
  IsolationOptions isolation;
  isolation.timeout = timeoutOfGraph;
  std::string reason;
  cantFail(runIsolated(
      1, isolation, [&](size_t) { return checkText(request, text); },
      [&](size_t, IsolatedResult result) { reason = result.text; }));
  return reason;
}

/// What must stay the same while a module is reduced: which side fails, and
/// whether by its values; else the words of the message, not its numbers, types
/// and names.
std::string kindOf(StringRef reason) {
  auto [side, message] = reason.split(':');
  if (message.contains("output '"))
    return (side + "/values").str();
  std::string kind = side.str();
  for (StringRef word : split(message, ' '))
    if (all_of(word, isAlpha) || word.ltrim('\'').starts_with("edge."))
      kind += " " + word.str();
  return kind;
}

std::string print(mlir::ModuleOp module) {
  std::string text;
  raw_string_ostream stream(text);
  module.print(stream);
  return text;
}

Error saveFailure(const Request &request, const Failure &failure) {
  std::shared_ptr<CompilerSession> session = makeSession();
  auto module =
      makeRandomGraph(&session->context(), failure.seed, request.graph);
  if (!module)
    return session->takeErrors("the graph is not valid");
  auto pathOf = [&](StringRef suffix) {
    return fmt::format("{}/seed-{}{}.mlir", request.folder, failure.seed,
                       suffix.str());
  };
  std::string header = "// " + failure.reason + "\n";
  if (Error error = writeFileAtomically(pathOf(""), header + print(*module)))
    return error;
  if (!request.reduce)
    return Error::success();
  std::string kind = kindOf(failure.reason);
  auto reduced = reduceModule(std::move(module), [&](mlir::ModuleOp candidate) {
    return kindOf(checkIsolated(request, print(candidate))) == kind;
  });
  header = "// " + checkIsolated(request, print(*reduced)) + "\n";
  return writeFileAtomically(pathOf("-reduced"), header + print(*reduced));
}

//===----------------------------------------------------------------------===//
// The tool
//===----------------------------------------------------------------------===//

int checkFiles(const Request &request) {
  bool failed = false;
  for (const std::string &path : request.files) {
    auto buffer = MemoryBuffer::getFile(path);
    if (!buffer) {
      WithColor::error(errs(), "edgec-random")
          << "cannot read '" << path << "': " << buffer.getError().message()
          << "\n";
      return 1;
    }
    std::string reason = checkIsolated(request, (*buffer)->getBuffer());
    outs() << (reason.empty() ? "PASS " : "FAIL ") << path;
    if (!reason.empty())
      outs() << ": " << reason;
    outs() << "\n";
    failed |= !reason.empty();
  }
  return failed;
}

int printGraphs(const Request &request) {
  std::shared_ptr<CompilerSession> session = makeSession();
  for (uint64_t seed = request.firstSeed;
       seed < request.firstSeed + request.graphs; ++seed) {
    auto module = makeRandomGraph(&session->context(), seed, request.graph);
    if (!module) {
      WithColor::error(errs(), "edgec-random")
          << "seed " << seed << ": "
          << toString(session->takeErrors("the graph is not valid")) << "\n";
      return 1;
    }
    outs() << "// seed " << seed << "\n" << print(*module);
  }
  return 0;
}

/// Rows that have occurred less often than is asked for.
bool reportCoverage(const Request &request, const Coverage &coverage) {
  if (request.coverage)
    coverage.print(outs());
  bool failed = false;
  std::vector<std::string> rows = allKernelRows();
  for (const RandomOperation &operation : randomOperations())
    if (!request.check.throughOnnx || operation.exportable)
      rows.push_back(operation.name.str());
  sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const std::string &row : rows)
    if (int64_t count = coverage.count(row); count < request.leastCoverage) {
      outs() << fmt::format("{} has occurred {} times, {} are asked for\n", row,
                            count, request.leastCoverage);
      failed = true;
    }
  return failed;
}

/// Checks all graphs, and says what came of it.
int checkGraphs(const Request &request) {
  Summary summary;
  if (Error error = checkAll(request, summary)) {
    WithColor::error(errs(), "edgec-random")
        << toString(std::move(error)) << "\n";
    return 1;
  }
  sort(summary.failures,
       [](const Failure &a, const Failure &b) { return a.seed < b.seed; });
  for (const Failure &failure : summary.failures)
    outs() << fmt::format("FAIL seed {}: {}\n", failure.seed, failure.reason);
  outs().flush();
  if (!request.folder.empty() && !summary.failures.empty()) {
    sys::fs::create_directories(request.folder);
    for (const Failure &failure : summary.failures)
      if (Error error = saveFailure(request, failure))
        WithColor::error(errs(), "edgec-random")
            << toString(std::move(error)) << "\n";
  }
  bool failed = reportCoverage(request, summary.coverage);
  outs() << fmt::format("{} of {} graphs agree\n",
                        request.graphs - summary.failures.size(),
                        request.graphs);
  return failed || !summary.failures.empty();
}

int run() {
  if (listFaults) {
    for (const PlantedFault &fault : plantedFaults())
      outs() << fmt::format("{:<18} {}\n", fault.name.str(),
                            fault.summary.str());
    return 0;
  }
  if (!faultName.empty() && !findPlantedFault(faultName)) {
    WithColor::error(errs(), "edgec-random")
        << "there is no fault '" << faultName
        << "'; --list-faults prints those that there are\n";
    return 2;
  }
  Request request;
  if (!request.files.empty())
    return checkFiles(request);
  if (request.print)
    return printGraphs(request);
  return checkGraphs(request);
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "edgec-random: random graphs through interpreter and compiled code\n\n"
      "Makes graphs of random operations, shapes and types, a seed each, and\n"
      "compares what the interpreter and compiled code compute. With files,\n"
      "checks the modules in them; exits with 1 where something differs.\n");
  return run();
}
