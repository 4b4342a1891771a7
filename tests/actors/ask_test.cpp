#include "actors/ask.hpp"

#include "actors/gate.hpp"
#include "tests/support/still_system.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;
using Catch::Matchers::Contains;

namespace {

using promises = std::vector<caf::typed_response_promise<node_done>>;

/// An entrance that takes what arrives and never answers.
gate_actor::behavior_type silent_gate(gate_actor::pointer self,
                                      std::shared_ptr<promises> kept) {
  return {
    [self, kept](const join_run&) -> caf::result<node_done> {
      return kept->emplace_back(self->make_response_promise<node_done>());
    },
  };
}

core::error error_in(std::future<node_done>& answer) {
  try {
    answer.get();
  } catch (const core::error& broken) {
    return broken;
  }
  return {"no error", "", ""};
}

bool is_there(const std::future<node_done>& answer) {
  return answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

} // namespace

SCENARIO("a question ends when whom it was put to is gone", "[actors][ask]") {
  still_system system;
  // As where the question went to another process: the answer is still to come.
  const auto kept = std::make_shared<promises>();
  const gate_actor gate = (*system).spawn(silent_gate, kept);
  auto answer = actors::ask_later<node_done>(*system, gate, join_run{}, "the gate");
  system.settle();
  CHECK_FALSE(is_there(answer));
  caf::anon_send_exit(gate, caf::exit_reason::kill);
  system.settle();
  REQUIRE(is_there(answer));
  const auto broken = error_in(answer);
  CHECK_THAT(broken.what(), Contains("the gate"));
  CHECK(broken.whom() == core::blame::environment);
}

SCENARIO("a process that does not fit the run need not ask again", "[actors][ask]") {
  still_system system;
  const gate_actor gate = (*system).spawn(
    actors::gate, std::make_shared<actors::arrivals>(), std::vector<std::string>{});
  join_run old;
  old.version = "0.0.1";
  auto answer = actors::ask_later<node_done>(*system, gate, old, "");
  system.settle();
  REQUIRE(is_there(answer));
  CHECK(error_in(answer).whom() == core::blame::request);
}
