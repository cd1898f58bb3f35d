# Writes the reference pages of dialects and passes:
#   cmake -DOUTPUT=docs/generated -P docs/generate.cmake
# A line `@example FILE` in a description is replaced by that test, without its
# RUN and CHECK lines.
cmake_minimum_required(VERSION 3.25)
get_filename_component(source ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
find_program(MLIR_TBLGEN mlir-tblgen PATHS /usr/lib/llvm-19/bin NO_DEFAULT_PATH)
find_program(MLIR_TBLGEN NAMES mlir-tblgen-19 REQUIRED)
get_filename_component(llvm ${MLIR_TBLGEN} REALPATH)
get_filename_component(llvm ${llvm} DIRECTORY)
get_filename_component(llvm ${llvm} DIRECTORY)

function(splice_examples text_variable)
  set(text "${${text_variable}}")
  while(text MATCHES "@example ([^\n]+)")
    set(line "${CMAKE_MATCH_0}")
    file(READ "${source}/${CMAKE_MATCH_1}" example)
    string(REGEX REPLACE "[ \t]*// (RUN|CHECK[A-Z-]*):[^\n]*\n" "" example "${example}")
    string(STRIP "${example}" example)
    string(REPLACE "${line}" "Example:\n\n```mlir\n${example}\n```" text "${text}")
  endwhile()
  set(${text_variable} "${text}" PARENT_SCOPE)
endfunction()

function(generate page definitions)
  execute_process(
    COMMAND ${MLIR_TBLGEN} ${ARGN} -I ${source}/include -I ${llvm}/include
            ${source}/include/edgec/${definitions}
    OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  splice_examples(text)
  file(WRITE ${OUTPUT}/${page}.md "${text}")
endfunction()

generate(EdgeDialect Dialect/Edge/EdgeOps.td -gen-dialect-doc -dialect=edge)
generate(EdgePasses Dialect/Edge/Passes.td -gen-pass-doc)
generate(CompressPasses Compress/Passes.td -gen-pass-doc)
generate(KernelDialect Dialect/Kernel/KernelOps.td -gen-dialect-doc -dialect=kernel)
generate(ConversionPasses Conversion/Passes.td -gen-pass-doc)
generate(CodegenPasses Codegen/Passes.td -gen-pass-doc)
