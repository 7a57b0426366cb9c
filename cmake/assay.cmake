# The project's CMake helpers.
#
#   assay_library(<name> [DEPENDS ...] [PRIVATE_DEPENDS ...] [EMBED file ...])
#     A static library of the calling folder: src/**/*.cpp behind include/**/*.hpp.
#     Sources are found by glob, so that a new endpoint or check is one new file.
#     EMBED makes text files constants: `extern const std::string_view <stem>_text`,
#     in namespace `assay::embedded`, dots and dashes of the file's name as underscores.
#   assay_test(<name> DEPENDS ...)
#     A GoogleTest program of the calling folder's **/*_test.cpp.
#   Both take ALONE file...: see assay_unity.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers need the sloppiness; the base directory lets clones share the cache.
  # See ccache's manual.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_library(assay_warnings INTERFACE)
target_compile_options(assay_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overread>"
                                                $<$<BOOL:${ASSAY_WERROR}>:-Werror>)

# assay_unity(<target> [ALONE file...]): its files are compiled together, a folder's at a time (docs/adr/0011). A name
# in an unnamed namespace is then seen by the folder's other files too; those in ALONE cannot live with that.
set(assay_batch 12)
function(assay_unity target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "ALONE")
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE file)
    if(file IN_LIST ARG_ALONE)
      continue()
    endif()
    cmake_path(GET file PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "_${folder}" folder)
    math(EXPR batch "0${count${folder}} / ${assay_batch}")
    math(EXPR count${folder} "0${count${folder}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${batch}${folder}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ASSAY_UNITY} UNITY_BUILD_MODE GROUP)
  # A warning for headers. Here it would mean any file that is not the batch itself.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

function(assay_embed target)
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file OUTPUT_VARIABLE source)
    cmake_path(GET source FILENAME filename)
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" symbol ${filename})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cpp)
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${source} -DOUTPUT=${output} -DSYMBOL=${symbol}_text
              -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
      DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
endfunction()

function(assay_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "DEPENDS;PRIVATE_DEPENDS;EMBED;ALONE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS src/*.cpp)
  add_library(${name} STATIC ${sources})
  add_library(assay::${name} ALIAS ${name})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
                                            $<INSTALL_INTERFACE:include/assay> PRIVATE src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} assay_warnings)
  target_precompile_headers(${name} REUSE_FROM assay_precompiled)
  assay_unity(${name} ALONE ${ARG_ALONE})
  assay_embed(${name} ${ARG_EMBED})
endfunction()

function(assay_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "DEPENDS;ALONE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *_test.cpp)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main assay_warnings)
  target_compile_definitions(${name} PRIVATE ASSAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_precompile_headers(${name} REUSE_FROM assay_test_precompiled)
  assay_unity(${name} ALONE ${ARG_ALONE})
  # Values in test names would change from run to run; discovery before each run keeps
  # sanitizer builds from failing while they build.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 60)
endfunction()
