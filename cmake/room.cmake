# How every target of ours is compiled. Third-party headers are SYSTEM; contraction would
# make bits depend on the instruction set.
add_library(souk_conventions INTERFACE)
target_compile_options(souk_conventions INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -ffp-contract=off
  $<$<BOOL:${SOUK_WERROR}>:-Werror>)
target_include_directories(souk_conventions INTERFACE ${PROJECT_SOURCE_DIR})

# add_room(<name> HEADERS ... SOURCES ... ROOMS ... LIBRARIES ... FACE_LIBRARIES ...)
#   HEADERS         faces free of Torch and CAF: CI proves that each compiles alone
#   ROOMS           our rooms that this room may include
#   LIBRARIES       third-party libraries that only its sources see
#   FACE_LIBRARIES  third-party libraries that its headers show (CAF in actors/)
function(add_room name)
  cmake_parse_arguments(room "" ""
    "HEADERS;SOURCES;ROOMS;LIBRARIES;FACE_LIBRARIES" ${ARGN})
  add_library(souk_${name} STATIC ${room_SOURCES})
  add_library(souk::${name} ALIAS souk_${name})
  target_sources(souk_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${room_HEADERS})
  list(TRANSFORM room_ROOMS PREPEND souk::)
  target_link_libraries(souk_${name} PUBLIC ${room_ROOMS} ${room_FACE_LIBRARIES}
    PRIVATE souk_conventions ${room_LIBRARIES})
endfunction()

# add_room_tests(<room> [REFERENCE] SOURCES ... ROOMS ... LIBRARIES ...)
# One executable and one ctest per room. With REFERENCE, tests tagged [reference] are a
# second one, which ctest reports as skipped where the reference data is absent.
function(add_room_tests name)
  cmake_parse_arguments(room "REFERENCE" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_executable(souk_${name}_tests ${room_SOURCES})
  list(TRANSFORM room_ROOMS PREPEND souk::)
  target_link_libraries(souk_${name}_tests PRIVATE
    ${room_ROOMS} ${room_LIBRARIES} souk_test_main souk_conventions)
  target_precompile_headers(souk_${name}_tests PRIVATE <catch2/catch.hpp>)
  add_test(NAME ${name} COMMAND souk_${name}_tests ~[reference]
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(room_REFERENCE)
    add_test(NAME ${name}_reference COMMAND souk_${name}_tests [reference]
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name}_reference PROPERTIES
      SKIP_REGULAR_EXPRESSION "skipped: ")
  endif()
endfunction()
