//===- main.cpp - The edgec command ---------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Tools/Errors.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static const Command *const commands[] = {
    &compileCommand, &runCommand,     &evalCommand,    &verifyCommand,
    &benchCommand,   &inspectCommand, &targetsCommand, &operatorsCommand};

static void printOverview() {
  outs() << "edgec " EDGEC_VERSION ": compiles ONNX models to native code\n\n"
            "Usage: edgec <command> [options]\n\nCommands:\n";
  for (const Command *command : commands)
    outs() << fmt::format("  {:<11}{}\n", command->name.data(),
                          command->summary.data());
  outs() << R"(
'edgec <command> --help' shows the options of a command, each with its default
and an example.

Exit codes:
  0  done
  1  the model, another file or the data is at fault
  2  the command line is at fault
  3  a comparison failed: outputs differ from what is expected

Examples:
  edgec compile lenet.onnx -o build
  edgec run lenet.onnx --input=image=digit.npy
  edgec bench lenet.onnx
)";
}

static Error unknownCommand(StringRef name) {
  const Command *nearest = nullptr;
  constexpr unsigned maximumDistance = 3;
  unsigned distance = maximumDistance + 1;
  for (const Command *command : commands) {
    unsigned candidate = name.edit_distance(command->name, true, distance);
    if (candidate < distance) {
      nearest = command;
      distance = candidate;
    }
  }
  std::string hint =
      nearest ? fmt::format("; did you mean '{}'?", nearest->name.data())
              : "; 'edgec --help' lists the commands";
  return usageError("unknown command '" + name + "'" + hint);
}

static Error run(ArrayRef<const char *> arguments) {
  if (arguments.empty())
    return usageError("no command; 'edgec --help' lists them");
  StringRef name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    printOverview();
    return Error::success();
  }
  if (name == "--version") {
    outs() << "edgec " EDGEC_VERSION "\n";
    return Error::success();
  }
  for (const Command *command : commands) {
    if (command->name != name)
      continue;
    BumpPtrAllocator allocator;
    StringSaver saver(allocator);
    auto expanded = expandRecipes(arguments.drop_front(), saver);
    if (!expanded)
      return expanded.takeError();
    Expected<opt::InputArgList> parsed = parseArguments(*command, *expanded);
    if (!parsed)
      return parsed.takeError();
    if (parsed->hasArg(OPT_help)) {
      printHelp(*command);
      return Error::success();
    }
    return command->run(*parsed);
  }
  return unknownCommand(name);
}

/// What could not be printed is an error too: the stream would abort over it.
static Error checkOutput() {
  outs().flush();
  std::error_code code = outs().error();
  if (!code)
    return Error::success();
  outs().clear_error();
  return createStringError(code, "cannot write to standard output: " +
                                     code.message());
}

/// A file that grows beyond a limit is an error of the write, as on a full
/// disk.
static void blockFileSizeSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int main(int argc, char **argv) {
  blockFileSizeSignal();
  InitLLVM initialised(argc, argv);
  setBugReportMsg("edgec: this is a bug in edgec; please report it with the "
                  "command line and what follows\n");
  ArrayRef<const char *> arguments(argv, argc);
  Error error = run(arguments.drop_front());
  return reportAndGetExitCode(joinErrors(std::move(error), checkOutput()));
}
