# Finds what edgec stands on: LLVM/MLIR 19 as shared libraries, lld, ONNX's
# message classes, Protobuf, fmt, zlib, and libpng and libjpeg if they are there.

# Debian's MLIRConfig rejects a version given to find_package, so the version
# is checked afterwards.
find_package(MLIR REQUIRED CONFIG
             HINTS "$ENV{MLIR_DIR}" /usr/lib/llvm-19/lib/cmake/mlir)
find_package(LLVM REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/llvm)
if(NOT LLVM_VERSION_MAJOR EQUAL 19)
  message(FATAL_ERROR "edgec needs LLVM and MLIR 19, found ${LLVM_VERSION} "
                      "in ${LLVM_DIR}; set MLIR_DIR to MLIR 19's CMake folder")
endif()
message(STATUS "LLVM and MLIR ${LLVM_VERSION} in ${LLVM_DIR}")

list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_package(LLD REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/lld)
find_package(Protobuf REQUIRED)
find_package(fmt REQUIRED)
find_package(ZLIB REQUIRED)
# Samples may be images. Without its library a format is left out, and a file of
# that format is refused with the reason.
find_package(PNG)
find_package(JPEG)
set(EDGEC_IMAGES "")
foreach(format PNG JPEG)
  string(TOLOWER ${format} library)
  if(${format}_FOUND)
    list(APPEND EDGEC_IMAGES ${library})
  else()
    message(WARNING "lib${library} is missing: ${format} images cannot be read; "
                    "on Debian, install lib${library}-dev")
  endif()
endforeach()
find_library(EDGEC_ONNX_PROTO onnx_proto REQUIRED)

add_library(edgec-onnx-proto INTERFACE)
target_compile_definitions(edgec-onnx-proto INTERFACE ONNX_ML=1 ONNX_NAMESPACE=onnx)
target_link_libraries(edgec-onnx-proto INTERFACE ${EDGEC_ONNX_PROTO} protobuf::libprotobuf)

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS} ${LLD_INCLUDE_DIRS})
separate_arguments(EDGEC_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${EDGEC_LLVM_DEFINITIONS})

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header is only cacheable when its macros and times are
  # allowed to differ.
  set(EDGEC_CCACHE ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${EDGEC_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EDGEC_CCACHE})
endif()
