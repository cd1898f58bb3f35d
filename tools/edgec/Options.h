//===- Options.h - The options of the edgec command -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EDGEC_OPTIONS_H
#define EDGEC_TOOLS_EDGEC_OPTIONS_H

#include "edgec/Data/Preprocessing.h"
#include "edgec/Tools/ModelLoader.h"
#include "edgec/Tools/Streaming.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/StringSaver.h"

namespace edgec {

enum CommandVisibility : unsigned {
  CompileCommand = 1 << 1,
  RunCommand = 1 << 2,
  EvalCommand = 1 << 3,
  VerifyCommand = 1 << 4,
  BenchCommand = 1 << 5,
  InspectCommand = 1 << 6,
  TargetsCommand = 1 << 7,
  OperatorsCommand = 1 << 8,
};

enum OptionId {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "EdgecOptions.inc"
#undef OPTION
};

/// A subcommand. Errors of `run` decide the exit code (see Errors.h).
struct Command {
  llvm::StringLiteral name;
  llvm::StringLiteral arguments; ///< "MODEL.onnx [options]"
  llvm::StringLiteral summary;   ///< One line, for the list of commands.
  llvm::StringLiteral description;
  CommandVisibility visibility;
  llvm::Error (*run)(const llvm::opt::InputArgList &arguments);
};

extern const Command compileCommand, runCommand, evalCommand, verifyCommand,
    benchCommand, inspectCommand, targetsCommand, operatorsCommand;

/// Prints a command's help on standard output.
void printHelp(const Command &command);

/// Parses a command's arguments (without its name). Unknown options are usage
/// errors that suggest the nearest one. The list refers to `arguments`.
llvm::Expected<llvm::opt::InputArgList>
parseArguments(const Command &command, llvm::ArrayRef<const char *> arguments);

/// Puts the options of each `--recipe` before the arguments, which therefore
/// have precedence. `saver` keeps their texts.
llvm::Expected<std::vector<const char *>>
expandRecipes(llvm::ArrayRef<const char *> arguments, llvm::StringSaver &saver);

/// The recipe by which a model is compiled as with `arguments`, where layers
/// have the types `layers` (--layer) instead of the budgets.
std::string makeRecipe(const llvm::opt::InputArgList &arguments,
                       const LayerBits &layers);

/// Values of options; usage errors name the option.
llvm::Expected<double> numberOption(const llvm::opt::InputArgList &arguments,
                                    OptionId option, double byDefault);
llvm::Expected<int64_t> countOption(const llvm::opt::InputArgList &arguments,
                                    OptionId option, int64_t byDefault,
                                    int64_t least = 1);
llvm::Expected<std::vector<double>>
numbersOption(const llvm::opt::InputArgList &arguments, OptionId option,
              double byDefault);

/// The only positional argument, which `what` describes.
llvm::Expected<std::string> onlyInput(const llvm::opt::InputArgList &arguments,
                                      llvm::StringRef what);

/// An error where the file at `path` is compiled already.
llvm::Error requireOnnx(llvm::StringRef path);

/// --scale, --mean, --std, --resize, --crop, --layout.
llvm::Expected<Preprocessing>
preprocessingOptions(const llvm::opt::InputArgList &arguments);

/// --stream, --hop, --state, --limit.
llvm::Expected<StreamOptions>
streamOptions(const llvm::opt::InputArgList &arguments);

/// --quantize and what belongs to it.
llvm::Error addQuantizationOptions(const llvm::opt::InputArgList &arguments,
                                   LoadOptions &options);

/// --target, --cpu, --features, --shape, --threads, --executor, --reference.
llvm::Expected<LoadOptions>
loadOptions(const llvm::opt::InputArgList &arguments);

} // namespace edgec

#endif // EDGEC_TOOLS_EDGEC_OPTIONS_H
