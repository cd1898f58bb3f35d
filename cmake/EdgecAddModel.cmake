# edgec_add_model(NAME MODEL.onnx
#                 [TARGET alias-or-triple] [CPU cpu] [FEATURES features]
#                 [SHAPES input=1x3x224x224...] [OPTIONS option...]
#                 [DEPENDS file...])
#
# Compiles an ONNX model with `edgec compile` at build time and adds it as the
# static library NAME: link it, #include "NAME.h", call NAME_run. The model is
# compiled again when it, a file in DEPENDS (its external weights, say) or the
# compiler changes.
#
# TARGET is by default the machine that the project is built for: its processor
# when cross-compiling (aarch64, x86-64-v2), and this one, with every instruction
# it has, otherwise. A program for other people's machines should name one.
# OPTIONS are passed to `edgec compile` as they are.
#
# For a thread pool, link edgec::threads too, #include "edgec_threads.h", and
# lend it to the context that NAME_run is given.
#
# Example:
#   find_package(edgec REQUIRED)
#   edgec_add_model(digits digits.onnx TARGET x86-64-v3 SHAPES image=1x1x28x28)
#   target_link_libraries(app PRIVATE digits)
function(edgec_add_model name model)
  cmake_parse_arguments(ARG "" "TARGET;CPU;FEATURES" "SHAPES;OPTIONS;DEPENDS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "edgec_add_model(${name}): cannot make sense of "
                        "'${ARG_UNPARSED_ARGUMENTS}${ARG_KEYWORDS_MISSING_VALUES}'")
  endif()
  if(NOT name MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "edgec_add_model(${name}): the name must be a C identifier, "
                        "it becomes the prefix of the model's functions")
  endif()
  get_filename_component(model "${model}" ABSOLUTE)
  get_source_file_property(generated "${model}" GENERATED)
  if(NOT EXISTS "${model}" AND NOT generated)
    message(FATAL_ERROR "edgec_add_model(${name}): there is no model '${model}'")
  endif()
  if(NOT ARG_TARGET)
    _edgec_default_target(ARG_TARGET)
  endif()

  set(options --target=${ARG_TARGET})
  if(ARG_CPU)
    list(APPEND options --cpu=${ARG_CPU})
  endif()
  if(ARG_FEATURES)
    list(APPEND options --features=${ARG_FEATURES})
  endif()
  foreach(shape IN LISTS ARG_SHAPES)
    list(APPEND options --shape=${shape})
  endforeach()

  set(compiler edgec::compiler)
  if(NOT TARGET edgec::compiler)
    set(compiler edgec) # within edgec's own build
  endif()
  # A folder for each model, so that one's headers are not found by another's users.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/edgec/${name})
  add_custom_command(
    OUTPUT ${folder}/${name}.o ${folder}/${name}.h
    BYPRODUCTS ${folder}/edgec.h
    COMMAND ${compiler} compile ${model} -o ${folder} --name=${name}
            --emit=object,header ${options} ${ARG_OPTIONS}
    DEPENDS ${compiler} ${model} ${ARG_DEPENDS}
    COMMENT "Compiling ${name} with edgec for ${ARG_TARGET}"
    VERBATIM)
  set_source_files_properties(${folder}/${name}.o PROPERTIES
                              EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_library(${name} STATIC ${folder}/${name}.o ${folder}/${name}.h)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  else()
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  endif()
  target_include_directories(${name} INTERFACE $<BUILD_INTERFACE:${folder}>)
  # Only double-precision models need it; a linker leaves it out of others.
  target_link_libraries(${name} INTERFACE $<$<PLATFORM_ID:Linux>:m>)
endfunction()

# The --target for what this build is for.
function(_edgec_default_target result)
  if(NOT CMAKE_CROSSCOMPILING)
    set(${result} host PARENT_SCOPE)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(${result} aarch64 PARENT_SCOPE)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(${result} x86-64-v2 PARENT_SCOPE)
  else()
    message(FATAL_ERROR "edgec_add_model: no target of edgec's is known for the processor "
                        "'${CMAKE_SYSTEM_PROCESSOR}': give one with TARGET "
                        "(`edgec targets` lists them)")
  endif()
endfunction()
