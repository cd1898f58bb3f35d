//===- Diagnostics.cpp - MLIR diagnostics as errors -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Diagnostics.h"
#include "edgec/Support/Terminal.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include <fmt/format.h>

using namespace edgec;
using namespace mlir;

std::string edgec::formatLocation(Location location) {
  if (auto name = dyn_cast<NameLoc>(location)) {
    if (!name.getName().empty())
      return fmt::format("node '{}'", name.getName().str());
    return formatLocation(name.getChildLoc());
  }
  if (auto file = dyn_cast<FileLineColLoc>(location)) {
    // Line 0 stands for the whole file.
    if (file.getLine() == 0)
      return file.getFilename().str();
    return fmt::format("{}:{}:{}", file.getFilename().str(), file.getLine(),
                       file.getColumn());
  }
  if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      if (std::string text = formatLocation(part); !text.empty())
        return text;
  }
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return formatLocation(call.getCallee());
  return "";
}

static std::string format(const Diagnostic &diagnostic) {
  std::string location = formatLocation(diagnostic.getLocation());
  std::string message = diagnostic.str();
  // The importer's messages begin with the node: once is enough.
  auto node = dyn_cast<NameLoc>(diagnostic.getLocation());
  bool named =
      node && StringRef(message).starts_with("'" + node.getName().str() + "'");
  return location.empty() || named ? message : location + ": " + message;
}

DiagnosticCollector::DiagnosticCollector(MLIRContext *context, bool quiet,
                                         bool remarks)
    : quiet(quiet), remarks(remarks),
      handler(context, [this](Diagnostic &diagnostic) { handle(diagnostic); }) {
}

void DiagnosticCollector::handle(Diagnostic &diagnostic) {
  std::lock_guard<std::mutex> lock(mutex);
  if (diagnostic.getSeverity() == DiagnosticSeverity::Remark) {
    if (remarks)
      reportRemark(format(diagnostic));
    return;
  }
  std::string text = format(diagnostic);
  for (Diagnostic &note : diagnostic.getNotes()) {
    // The verifier's copy of a whole operation helps nobody who has a model.
    std::string noteText = note.str();
    if (!StringRef(noteText).starts_with("see current operation"))
      text += "\n  note: " + format(note);
  }
  if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
    errors.push_back(std::move(text));
  else if (!quiet && diagnostic.getSeverity() == DiagnosticSeverity::Warning)
    reportWarning(text);
  else if (!quiet)
    reportNote(text);
}

llvm::Error DiagnosticCollector::takeErrors(const llvm::Twine &otherwise) {
  std::lock_guard<std::mutex> lock(mutex);
  if (errors.empty())
    return llvm::createStringError(otherwise);
  llvm::Error all = llvm::Error::success();
  for (const std::string &text : errors)
    all = llvm::joinErrors(std::move(all),
                           llvm::createStringError(llvm::Twine(text)));
  errors.clear();
  return all;
}
