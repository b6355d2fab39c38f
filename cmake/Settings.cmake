# How every target of the project is compiled. One interface target, so that nothing leaks to other projects.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Test programs are compiled as they stand, in a third of the time. So are the inline parts of the rooms' headers with them; what the
# rooms consist of beside these is compiled as it is shipped.
define_property(TARGET PROPERTY UNOPTIMIZED BRIEF_DOCS "Compiled as it stands" FULL_DOCS "Compiled as it stands")
set(unoptimized $<BOOL:$<TARGET_PROPERTY:UNOPTIMIZED>>)

add_library(settings INTERFACE)
target_compile_features(settings INTERFACE cxx_std_20)
target_compile_options(settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wcast-qual -Wformat=2 -Wundef -fno-omit-frame-pointer
  # g++ 12 sees overlaps in std::string that are not there (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${OFFBOARD_WARNINGS_AS_ERRORS}>:-Werror>
  $<$<AND:$<CONFIG:Release>,$<NOT:${unoptimized}>>:-D_FORTIFY_SOURCE=2>
  $<${unoptimized}:-O0>
  -fstack-protector-strong)
# In a room compiled in one go, clang takes what two files call alike for one hiding the other, and g++ every source file for a
# header.
if(CMAKE_UNITY_BUILD)
  target_compile_options(settings INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow> $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
target_compile_definitions(settings INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
target_link_options(settings INTERFACE -Wl,-z,relro,-z,now)

if(OFFBOARD_SANITIZE)
  target_compile_options(settings INTERFACE -fsanitize=${OFFBOARD_SANITIZE} -fno-sanitize-recover=all
    $<$<NOT:${unoptimized}>:-O1>)
  target_link_options(settings INTERFACE -fsanitize=${OFFBOARD_SANITIZE})
  # Boost.Asio has fences that the thread sanitizer does not know; g++ says so each time.
  target_compile_options(settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
endif()

if(OFFBOARD_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "libFuzzer comes with clang: set CMAKE_CXX_COMPILER=clang++-14")
  endif()
  # What the fuzzer steers by; the programs run with it as they do without.
  target_compile_options(settings INTERFACE $<$<NOT:${unoptimized}>:-fsanitize=fuzzer-no-link>)
  target_link_options(settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
