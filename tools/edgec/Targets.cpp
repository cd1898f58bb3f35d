//===- Targets.cpp - edgec targets ----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

std::vector<std::string> instructions(const TargetDescription &target) {
  std::vector<std::string> names = {name(target.isa).str()};
  for (auto [has, instruction] :
       {std::pair(target.hasFma && target.isX86(), "fma"),
        std::pair(target.hasF16Convert, "f16"),
        std::pair(target.hasVnni, "vnni"),
        std::pair(target.hasDotProd, "dotprod"),
        std::pair(target.hasI8mm, "i8mm")})
    if (has)
      names.push_back(instruction);
  return names;
}

void printTable() {
  outs() << fmt::format("{:<18}{:<30}{:<16}{:<24}{}\n", "target", "triple",
                        "cpu", "instructions", "");
  for (const TargetAlias &alias : targetAliases()) {
    Expected<TargetDescription> target =
        resolveTarget({alias.name.str(), "", ""});
    if (!target) {
      outs() << fmt::format("{:<18}{}\n", alias.name.str(),
                            toString(target.takeError()));
      continue;
    }
    std::string list;
    for (const std::string &instruction : instructions(*target))
      list += (list.empty() ? "" : " ") + instruction;
    outs() << fmt::format("{:<18}{:<30}{:<16}{:<24}{}\n", alias.name.str(),
                          target->triple, target->cpu, list,
                          alias.summary.str());
  }
  outs() << "\nAny LLVM triple and processor of these machines can be given as "
            "well:\n  --target=aarch64-linux-gnu --cpu=cortex-a76\n";
}

void printJson() {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.array([&] {
    for (const TargetAlias &alias : targetAliases()) {
      Expected<TargetDescription> target =
          resolveTarget({alias.name.str(), "", ""});
      stream.object([&] {
        stream.attribute("name", alias.name);
        stream.attribute("summary", alias.summary);
        if (!target) {
          stream.attribute("error", toString(target.takeError()));
          return;
        }
        stream.attribute("triple", target->triple);
        stream.attribute("cpu", target->cpu);
        stream.attributeArray("instructions", [&] {
          for (const std::string &instruction : instructions(*target))
            stream.value(instruction);
        });
      });
    }
  });
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  if (arguments.hasArg(OPT_json))
    printJson();
  else
    printTable();
  return Error::success();
}

} // namespace

const Command edgec::targetsCommand = {"targets",
                                       "[options]",
                                       "List the machines to compile for.",
                                       "The names can be given to --target.",
                                       TargetsCommand,
                                       run};
