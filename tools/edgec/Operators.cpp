//===- Operators.cpp - edgec operators ------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Import/Operators.h"
#include "Options.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

std::string range(int first, int last) {
  return first == last ? std::to_string(first)
                       : fmt::format("{}-{}", first, last);
}

std::string inputs(const ImportedOperator &row) {
  if (!row.mostInputs)
    return fmt::format("{} or more", row.leastInputs);
  return range(row.leastInputs, *row.mostInputs);
}

std::string fullName(const ImportedOperator &row) {
  return row.domain.empty() ? row.name.str()
                            : (row.domain + "." + row.name).str();
}

/// Whether an input has the type of the one before it.
bool isLikePrevious(const ImportedOperator &row, size_t index) {
  if (index == 0 || !row.inputs[index].likeInput)
    return false;
  int previous = static_cast<int>(index) - 1;
  return *row.inputs[index].likeInput ==
         row.inputs[previous].likeInput.value_or(previous);
}

/// "any; int32 or int64; as input 0". What ends the list holds for all inputs
/// that follow.
std::string types(const ImportedOperator &row) {
  size_t shown = row.inputs.size();
  while (shown > 0 && isLikePrevious(row, shown - 1))
    --shown;
  std::string text;
  for (size_t index = 0; index < shown; ++index) {
    const ImportedInput &input = row.inputs[index];
    text += index == 0 ? "" : "; ";
    text += input.likeInput ? fmt::format("as input {}", *input.likeInput)
                            : input.description;
  }
  if (row.repeatedInputs == 1)
    text += ", each";
  else if (row.repeatedInputs > 1)
    text += fmt::format("; the last {} again", row.repeatedInputs);
  return text;
}

/// "float: float16, bfloat16, float32 or float64"
std::string describe(const ElementFamily &family) {
  std::vector<StringRef> names;
  for (ElementType type : family.types)
    names.push_back(name(type));
  return fmt::format("{}: {}", family.name.str(), join(names, ", "));
}

void printTable() {
  outs() << fmt::format("{:<44}{:<8}{:<11}{}\n", "operator", "opsets", "inputs",
                        "types");
  for (const ImportedOperator &row : importedOperators()) {
    outs() << fmt::format("{:<44}{:<8}{:<11}{}\n", fullName(row),
                          range(row.first, row.last), inputs(row), types(row));
    if (!row.notes.empty())
      outs() << "  " << row.notes << "\n";
  }
  outs() << "\nTypes:\n";
  for (const ElementFamily &family : elementFamilies())
    outs() << describe(family) << "\n";
  outs() << "\nOut of scope:\n";
  for (const OmittedOperator &omitted : omittedOperators())
    outs() << fmt::format("{:<44}{}\n", omitted.name.str(),
                          omitted.reason.str());
}

constexpr StringLiteral introduction =
    R"(<!-- Written by 'edgec operators --markdown'. -->
# Operators

What the importer's table holds. Operators of other domains have the domain before their name; opsets are those of the
domain. Types are those of the elements of each input, in order; inputs beyond have the last one's. An
input of another type is an error that says so. Where ONNX's own list is shorter, as it was in older operator sets,
the importer takes what is here all the same. int8 and uint8 stand for int4 and uint4 too, which are kept in bytes.
Inputs that say shapes, axes, pads and sizes have to be known when a model is compiled, but where a note says otherwise.

)";

void printMarkdown() {
  outs() << introduction;
  for (const ElementFamily &family : elementFamilies())
    outs() << "- " << describe(family) << "\n";
  outs() << "\n| operator | opsets | inputs | types | notes |\n"
            "|---|---|---|---|---|\n";
  for (const ImportedOperator &row : importedOperators())
    outs() << fmt::format("| {} | {} | {} | {} | {} |\n", fullName(row),
                          range(row.first, row.last), inputs(row), types(row),
                          row.notes.str());
  outs() << "\n## Out of scope\n\n| operator | reason |\n|---|---|\n";
  for (const OmittedOperator &omitted : omittedOperators())
    outs() << fmt::format("| {} | {} |\n", omitted.name.str(),
                          omitted.reason.str());
}

void printInputs(json::OStream &stream, const ImportedOperator &row) {
  for (const ImportedInput &input : row.inputs)
    stream.object([&] {
      stream.attributeArray("types", [&] {
        for (ElementType type : input.types)
          stream.value(StringRef(name(type)));
      });
      if (input.likeInput)
        stream.attribute("like_input", *input.likeInput);
    });
}

void printJson() {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.array([&] {
    for (const ImportedOperator &row : importedOperators())
      stream.object([&] {
        stream.attribute("domain", row.domain);
        stream.attribute("name", row.name);
        stream.attribute("first_opset", row.first);
        stream.attribute("last_opset", row.last);
        stream.attribute("least_inputs", row.leastInputs);
        if (row.mostInputs)
          stream.attribute("most_inputs", *row.mostInputs);
        stream.attributeArray("inputs", [&] { printInputs(stream, row); });
        stream.attribute("repeated_inputs", row.repeatedInputs);
        if (!row.notes.empty())
          stream.attribute("notes", row.notes);
      });
  });
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  if (arguments.hasArg(OPT_json))
    printJson();
  else if (arguments.hasArg(OPT_markdown))
    printMarkdown();
  else
    printTable();
  return Error::success();
}

} // namespace

const Command edgec::operatorsCommand = {
    "operators",
    "[options]",
    "List the ONNX operators that are understood.",
    "With the versions of the operator set and the element types.",
    OperatorsCommand,
    run};
