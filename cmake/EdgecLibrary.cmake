# How this project's own targets are compiled: warnings are errors, exceptions
# off (LLVM's convention), run-time type information on (libMLIR's).
add_library(edgec-compile-options INTERFACE)
target_compile_options(edgec-compile-options INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -Wno-comment>)
if(EDGEC_SANITIZE)
  target_compile_options(edgec-compile-options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(edgec-compile-options INTERFACE -fsanitize=address,undefined)
endif()

set(EDGEC_COVERAGE -fsanitize=fuzzer-no-link)

# edgec_add_library(NAME source... [DEPENDS target...] [LINK library...] [NO_MLIR] [READS_INPUT])
# A static library of the compiler; links the shared MLIR and LLVM unless told
# not to. READS_INPUT says that it has readers of files or options: with
# EDGEC_FUZZ its coverage guides the fuzzers.
function(edgec_add_library name)
  cmake_parse_arguments(ARG "NO_MLIR;READS_INPUT" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE edgec-compile-options)
  set(pch edgec-pch)
  if(EDGEC_FUZZ AND ARG_READS_INPUT)
    target_compile_options(${name} PRIVATE ${EDGEC_COVERAGE})
    set(pch edgec-pch-coverage)
  endif()
  if(NOT ARG_NO_MLIR)
    target_link_libraries(${name} PUBLIC MLIR LLVM)
    add_dependencies(${name} edgec-headers)
    if(EDGEC_PCH)
      target_precompile_headers(${name} REUSE_FROM ${pch})
    endif()
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# edgec_add_tool(NAME source... [LINK library...])
function(edgec_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE edgec-compile-options ${ARG_LINK} MLIR LLVM)
  add_dependencies(${name} edgec-headers)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# Generated headers of every dialect and pass list: compile nothing before them.
add_custom_target(edgec-headers)

# A precompiled header is for those who compile with its flags.
function(edgec_add_pch name)
  file(WRITE ${PROJECT_BINARY_DIR}/${name}.cpp "")
  add_library(${name} STATIC ${PROJECT_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE edgec-compile-options)
  target_compile_options(${name} PRIVATE ${ARGN})
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/Precompiled.h)
endfunction()

if(EDGEC_PCH)
  edgec_add_pch(edgec-pch)
  if(EDGEC_FUZZ)
    edgec_add_pch(edgec-pch-coverage ${EDGEC_COVERAGE})
  endif()
endif()
