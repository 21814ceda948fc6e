# finview_room(NAME ROOMS other rooms... PRIVATE_LIBRARIES external libraries...)
#
# Makes the static library finview_NAME from every .cc of the folder, and the test program
# finview_NAME_test from every *_test.cc. ROOMS are those whose functions are called; nouns are plain
# data and need no linking. External libraries are private: they do not leak into later rooms, but
# for the include path of <opencv2/core/mat.hpp>, which nouns use.

# -Wno-restrict: g++ 12 warns wrongly about std::string concatenation (GCC bug 105651).
set(FINVIEW_WARNINGS -Wall -Wextra -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

function(finview_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;PRIVATE_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(NOT sources)
    add_library(finview_${name} INTERFACE)
    return()
  endif()
  add_library(finview_${name} STATIC ${sources})
  target_include_directories(finview_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_include_directories(finview_${name} SYSTEM PUBLIC ${OpenCV_INCLUDE_DIRS})
  target_compile_options(finview_${name} PRIVATE ${FINVIEW_WARNINGS})
  foreach(room ${ROOM_ROOMS})
    target_link_libraries(finview_${name} PUBLIC finview_${room})
  endforeach()
  target_link_libraries(finview_${name} PRIVATE ${ROOM_PRIVATE_LIBRARIES})

  if(tests AND FINVIEW_TESTS)
    add_executable(finview_${name}_test ${tests})
    target_compile_options(finview_${name}_test PRIVATE ${FINVIEW_WARNINGS})
    target_compile_definitions(finview_${name}_test PRIVATE
      FINVIEW_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(finview_${name}_test PRIVATE
      finview_${name} finview_test_support ${ROOM_PRIVATE_LIBRARIES}
      GTest::gtest GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND finview_${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 900)
  endif()
endfunction()
