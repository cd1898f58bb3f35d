# What edgec_add_model tells the compiler, and when it calls it again.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
endfunction()

# Sets up a build in `dir`; further arguments go to CMake.
function(configure dir compiler)
  file(REMOVE_RECURSE ${dir})
  file(MAKE_DIRECTORY ${dir})
  file(COPY ${SOURCE_DIR}/compiler.sh DESTINATION ${dir})
  file(WRITE ${dir}/tiny.onnx "first")
  run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR}/project -B ${dir}
      -DMODULE_DIR=${MODULE_DIR} -DCMAKE_C_COMPILER=${compiler} ${ARGN})
endfunction()

function(build dir compiler)
  run(${CMAKE_COMMAND} -E env STUB_CC=${compiler} ${CMAKE_COMMAND} --build ${dir})
endfunction()

function(expect_calls dir model count last)
  file(STRINGS ${dir}/edgec/${model}/calls calls)
  list(LENGTH calls found)
  list(GET calls -1 call)
  string(FIND "${call}" "${last}" position)
  if(NOT found EQUAL count OR position EQUAL -1)
    message(FATAL_ERROR "${model}: expected ${count} calls, the last with '${last}', found\n${calls}")
  endif()
endfunction()

set(native ${BINARY_DIR}/native)
configure(${native} ${HOST_CC})
build(${native} ${HOST_CC})
run(${native}/app)
expect_calls(${native} tiny 1 "--name=tiny --emit=object,header --target=host")
expect_calls(${native} other 1
             "--target=x86-64-v3 --cpu=haswell --features=+f16c --shape=a=1x2 --shape=b=3 --json")

build(${native} ${HOST_CC})
expect_calls(${native} tiny 1 "")
file(WRITE ${native}/tiny.onnx "second")
build(${native} ${HOST_CC})
expect_calls(${native} tiny 2 "")
file(APPEND ${native}/compiler.sh "\n")
build(${native} ${HOST_CC})
expect_calls(${native} tiny 3 "")

if(AARCH64_CC)
  set(cross ${BINARY_DIR}/cross)
  configure(${cross} ${AARCH64_CC} -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64)
  build(${cross} ${AARCH64_CC})
  expect_calls(${cross} tiny 1 "--target=aarch64")
else()
  message(STATUS "no aarch64-linux-gnu-gcc: cross-compilation was not tried")
endif()
