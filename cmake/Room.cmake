# room(NAME SOURCES … ROOMS … LIBRARIES …)
#
# One static library per room of the house. ROOMS are the rooms it may include headers of, and nothing else is linked,
# so a dependency that ARCHITECTURE.md does not allow fails to build. LIBRARIES stay private to the room: no header
# of a room shows a third party's type, except tl::expected and fmt, which are everywhere.
function(room NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  # A room's headers are reached as "room/header.hpp". The include folder holds a link to this room alone.
  set(face ${CMAKE_BINARY_DIR}/rooms/${NAME})
  file(MAKE_DIRECTORY ${face})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${face}/${NAME} SYMBOLIC)
  target_include_directories(${NAME} PUBLIC ${face})
  target_link_libraries(${NAME} PUBLIC settings fmt::fmt tl::expected ${ARG_ROOMS} PRIVATE ${ARG_LIBRARIES})
endfunction()

# room_test(NAME SOURCES … ROOMS … LIBRARIES …): one test program per room, its cases registered with ctest.
function(room_test NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_executable(${NAME}_test ${ARG_SOURCES})
  target_link_libraries(${NAME}_test PRIVATE settings ${ARG_ROOMS} ${ARG_LIBRARIES} Catch2::Catch2WithMain)
  target_compile_definitions(${NAME}_test PRIVATE OFFBOARD_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(${NAME}_test PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests UNOPTIMIZED ON)
  add_test(NAME unit.${NAME} COMMAND ${NAME}_test)
endfunction()

# fuzz_target(NAME ROOMS … LIBRARIES …): tests/fuzz/NAME.cpp with libFuzzer; its corpus, replayed, is a test.
function(fuzz_target NAME)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBRARIES" ${ARGN})
  add_executable(fuzz_${NAME} ${NAME}.cpp)
  target_link_libraries(fuzz_${NAME} PRIVATE settings ${ARG_ROOMS} ${ARG_LIBRARIES})
  target_link_options(fuzz_${NAME} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzz_targets fuzz_${NAME})
  set_target_properties(fuzz_${NAME} PROPERTIES OUTPUT_NAME ${NAME} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  add_test(NAME fuzz.${NAME} COMMAND fuzz_${NAME} -runs=0 ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${NAME})
endfunction()
