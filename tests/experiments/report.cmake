# The report's tests, beside those of the rest of the room.
find_package(nlohmann_json REQUIRED)
target_sources(souk_experiments_tests PRIVATE
  report_curves_test.cpp report_page_test.cpp report_run.cpp report_sentences_test.cpp
  report_words_test.cpp report_work_test.cpp)
target_link_libraries(souk_experiments_tests PRIVATE nlohmann_json::nlohmann_json)
