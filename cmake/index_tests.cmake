# Writes OUTPUT, a JSON array of {test, file, line, ids}: one entry for each call of judges({...}) in a unit test
# below SOURCE (tests/support/judges.hpp). Run while building, whenever a test file changes.
#
#   cmake -DSOURCE=<top of the tree> -DOUTPUT=<file> -P index_tests.cmake

# Characters that mean something in CMake lists; none of them matters here.
function(read_plainly file result)
  file(READ ${file} text)
  string(REGEX REPLACE "[][;\\]" " " text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(count_lines text result)
  string(REGEX REPLACE "[^\n]" "" newlines "${text}")
  string(LENGTH "${newlines}" count)
  set(${result} ${count} PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/tests/unit/*_test.cpp)
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  read_plainly(${SOURCE}/${file} text)
  string(REGEX MATCHALL "\n(TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P)\\([^()]*\\)|judges\\({[^{}]*}\\)" found "\n${text}")
  set(test "")
  set(rest "${text}")
  set(line 1)
  foreach(item IN LISTS found)
    string(STRIP "${item}" item)
    string(FIND "${rest}" "${item}" position)
    string(SUBSTRING "${rest}" 0 ${position} before)
    string(SUBSTRING "${rest}" ${position} -1 rest)
    count_lines("${before}" lines)
    math(EXPR line "${line} + ${lines}")
    if(item MATCHES "^T[A-Z_]+\\([ \n]*([A-Za-z0-9_]+)[ \n]*,[ \n]*([A-Za-z0-9_]+)")
      set(test "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}")
    else()
      string(REGEX REPLACE "^judges\\({|}\\)$|[\" \n\t]" "" ids "${item}")
      string(REGEX REPLACE ",$" "" ids "${ids}")
      string(REPLACE "," "\",\"" ids "${ids}")
      string(APPEND entries ",\n{\"test\":\"${test}\",\"file\":\"${file}\",\"line\":${line},\"ids\":[\"${ids}\"]}")
    endif()
  endforeach()
endforeach()
string(REGEX REPLACE "^,\n" "" entries "${entries}")
# Left alone if nothing changed: what is built from it need not be built again.
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "[${entries}]\n" @ONLY)
