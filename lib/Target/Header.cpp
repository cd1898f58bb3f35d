//===- Header.cpp - The C header of a compiled model ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Header.h"
#include "Version.h"
#include "edgec/Target/Identifiers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace edgec;
using llvm::StringRef;

namespace {

/// `text` so that it can stand in a C comment whatever it holds. Names come
/// from models, which anybody may have written.
std::string commentText(StringRef text) {
  std::string result;
  for (char c : text) {
    bool endsComment = !result.empty() && ((c == '/' && result.back() == '*') ||
                                           (c == '*' && result.back() == '/'));
    bool isTrigraph = c == '?' && !result.empty() && result.back() == '?';
    if (endsComment || isTrigraph)
      result += ' ';
    result += llvm::isPrint(c) && c != '\\' ? c : '?';
  }
  return result;
}

/// The C type of an element. The half-precision formats have none in C99 and
/// are passed as their bits.
StringRef cType(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "float";
  case ElementType::F64:
    return "double";
  case ElementType::F16:
  case ElementType::BF16:
  case ElementType::U16:
    return "uint16_t";
  case ElementType::I8:
    return "int8_t";
  case ElementType::I16:
    return "int16_t";
  case ElementType::I32:
    return "int32_t";
  case ElementType::I64:
    return "int64_t";
  case ElementType::Bool:
  case ElementType::U8:
    return "uint8_t";
  case ElementType::U32:
    return "uint32_t";
  case ElementType::U64:
    return "uint64_t";
  }
  llvm_unreachable("unknown element type");
}

void printShape(llvm::raw_ostream &os, const TensorSpec &tensor) {
  os << name(tensor.type) << " [";
  llvm::interleave(tensor.shape, os, ",");
  os << "]";
}

/// " *   image   in   float32 [1,1,28,28]   'Input3'"
void printTensorLines(llvm::raw_ostream &os, StringRef direction,
                      llvm::ArrayRef<TensorSpec> tensors,
                      llvm::ArrayRef<std::string> names) {
  for (auto [tensor, name] : llvm::zip(tensors, names)) {
    os << " *   " << name << ": " << direction << ", ";
    printShape(os, tensor);
    if (tensor.shapeOutput)
      os << " at most, " << names[*tensor.shapeOutput] << " is its true shape";
    if (tensor.isBatch)
      os << ", the first 'samples' of it";
    if (tensor.name != name)
      os << ", '" << commentText(tensor.name) << "' in the model";
    os << "\n";
  }
}

void printParameters(llvm::raw_ostream &os, StringRef qualifier,
                     llvm::ArrayRef<TensorSpec> tensors,
                     llvm::ArrayRef<std::string> names, StringRef indent) {
  for (auto [tensor, name] : llvm::zip(tensors, names))
    os << qualifier << cType(tensor.type) << " *" << name << ",\n" << indent;
}

void printEntryPoint(llvm::raw_ostream &os, const EntryPointSpec &entry,
                     const EntryPointNames &names) {
  os << "/* Scratch memory for " << names.symbol
     << ", in bytes. Runs at the same time need an arena each. */\n"
     << "#define " << names.macroPrefix << "_ARENA_SIZE " << entry.arenaSize
     << "\n#define " << names.macroPrefix << "_ARENA_ALIGN " << entry.arenaAlign
     << "\n\n";
  if (entry.maxBatch != 0)
    os << "/* The most samples of a run. */\n#define " << names.macroPrefix
       << "_MAX_BATCH " << entry.maxBatch << "\n\n";
  os << "/* " << names.symbol << ":\n";
  if (entry.maxBatch != 0)
    os << " *   samples: how many, from 1 to " << names.macroPrefix
       << "_MAX_BATCH\n";
  printTensorLines(os, "input", entry.inputs, names.inputs);
  printTensorLines(os, "output", entry.outputs, names.outputs);
  os << " *   arena: " << names.macroPrefix << "_ARENA_SIZE bytes, aligned to "
     << names.macroPrefix << "_ARENA_ALIGN"
     << (entry.arenaSize == 0 ? "; may be NULL\n" : "\n")
     << " *   context: may be NULL\n"
     << " * Tensors are dense, in row-major order, and must not overlap.\n"
     << (llvm::any_of(entry.outputs,
                      [](const TensorSpec &output) {
                        return output.shapeOutput.has_value();
                      })
             ? " * Of an output with a true shape, the first elements of each "
               "dimension count;\n * the others mean nothing.\n"
             : "")
     << " * Returns EDGEC_OK (0) or an EDGEC_ERROR_* code. */\n";

  std::string opening = "int " + names.symbol + "(";
  std::string indent(opening.size(), ' ');
  os << opening;
  if (entry.maxBatch != 0)
    os << "size_t samples,\n" << indent;
  printParameters(os, "const ", entry.inputs, names.inputs, indent);
  printParameters(os, "", entry.outputs, names.outputs, indent);
  os << "void *arena,\n" << indent << "const edgec_context *context);\n\n";
}

} // namespace

llvm::Expected<std::string>
edgec::generateHeader(const ModelSpec &spec, const TargetDescription &target) {
  auto entryNames = nameEntryPoints(spec);
  if (!entryNames)
    return entryNames.takeError();
  std::string text;
  llvm::raw_string_ostream os(text);
  std::string guard = StringRef(spec.name).upper() + "_H";
  os << "/* " << spec.name << ".h: generated by " << compilerVersion << " from "
     << commentText(spec.source) << "\n * (sha256 " << commentText(spec.sha256)
     << ")\n * for " << commentText(target.displayName()) << " ("
     << target.triple << ").\n */\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include \"edgec.h\"\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  for (auto [entry, names] : llvm::zip(spec.entryPoints, *entryNames))
    printEntryPoint(os, entry, names);
  os << "/* Describes the model: names, types, shapes, layers. */\n"
     << "const edgec_model_info *" << infoSymbol(spec) << "(void);\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return text;
}
