//===- FuzzOptions.cpp - Command lines ------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An argument a line, for all commands at once: shapes, sizes, ranges, layers
// and what else has a syntax of its own. The same lines are read as a list of
// exceptions (edgec verify --exceptions).
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Tools/Exceptions.h"

using namespace edgec;

/// Options that name files would read them.
static bool namesFile(llvm::StringRef argument) {
  return argument.starts_with("--value") || argument.starts_with("--recipe");
}

static llvm::Error readOptions(llvm::ArrayRef<const char *> lines) {
  static const Command command = {
      "fuzz",
      "",
      "",
      "",
      CommandVisibility(CompileCommand | RunCommand | EvalCommand |
                        VerifyCommand | BenchCommand | InspectCommand),
      nullptr};
  auto arguments = parseArguments(command, lines);
  if (!arguments)
    return arguments.takeError();
  auto options = loadOptions(*arguments);
  if (!options)
    return options.takeError();
  if (llvm::Error error = addQuantizationOptions(*arguments, *options))
    return error;
  return preprocessingOptions(*arguments).takeError();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n');
  std::vector<std::string> arguments;
  for (llvm::StringRef line : lines)
    if (!namesFile(line))
      arguments.push_back(line.str());
  std::vector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  llvm::consumeError(readOptions(pointers));
  auto exceptions = Exceptions::parse(text, "fuzz");
  if (!exceptions)
    llvm::consumeError(exceptions.takeError());
  return 0;
}
