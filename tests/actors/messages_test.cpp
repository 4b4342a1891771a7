#include "actors/messages/types.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>
#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::messages;

namespace {

/// Writes a value, reads it back, and writes that again.
template <class T>
class round_trip {
public:
  explicit round_trip(const T& value) {
    config_.add_message_types<caf::id_block::souk>();
    bytes_ = written(value);
    caf::binary_deserializer source{*system_, bytes_};
    const auto failed = source(read);
    REQUIRE_FALSE(failed);
    CHECK(written(read) == bytes_);
  }

  T read;

private:
  std::vector<char> written(T value) {
    if (!system_)
      system_ = std::make_unique<caf::actor_system>(config_);
    std::vector<char> bytes;
    caf::binary_serializer sink{*system_, bytes};
    const auto failed = sink(value);
    REQUIRE_FALSE(failed);
    return bytes;
  }

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<char> bytes_;
};

core::tensor_ticket some_ticket() {
  return {1, 2, 3, 4, 5, 6, 7, 8, core::tensor_kind::second_moments};
}

} // namespace

TEST_CASE("every bulk message survives the wire", "[actors][messages]") {
  CHECK(core::same_bytes(round_trip{fetch_tensor{some_ticket()}}.read.ticket,
                         some_ticket()));
  CHECK(core::same_bytes(round_trip{tensor_arrived{some_ticket()}}.read.ticket,
                         some_ticket()));
  round_trip{get_unreachable{}};
  CHECK(round_trip{unreachable_processes{{2, 5}}}.read.processes.size() == 2);
}

TEST_CASE("every training message survives the wire", "[actors][messages]") {
  CHECK(round_trip{get_rows{1, 2, 3, 4}}.read.num_blocks == 4);
  const rows_of_run rows{{{1}}, {{2}}, {{3}}, {{4, 5, 6}}};
  CHECK(round_trip{rows}.read.items.values == rows.items.values);
  CHECK(round_trip{install_state{7, some_ticket(), some_ticket(), some_ticket()}}
          .read.version
        == 7);
  CHECK(round_trip{pull_parameters{8}}.read.turn == 8);
  CHECK(round_trip{push_gradient{some_ticket(), 2}}.read.num_blocks == 2);
  CHECK(round_trip{parameters_ready{some_ticket()}}.read.parameters.version == 7);
  CHECK(round_trip{get_state{9}}.read.version == 9);
  CHECK(round_trip{server_state{some_ticket(), some_ticket(), some_ticket()}}
          .read.second_moments.range
        == 6);
  CHECK(round_trip{follow_order{{{1, 2}}}}.read.events.values.size() == 2);
  round_trip{order_followed{}};
  round_trip{get_order{}};
  CHECK(round_trip{range_events{{{4}}}}.read.events.values
        == std::vector<std::uint64_t>{4});
  const auto lost = round_trip{step_losses{1, 2, {{0.5}}, {{0.25}}, 99, 100}}.read;
  CHECK(lost.divergences.values == std::vector<double>{0.25});
  CHECK(lost.bytes_pushed == 99);
  CHECK(lost.bytes_moved == 100);
  CHECK(round_trip{install_residuals{7, {some_ticket()}}}.read.residuals.size() == 1);
  round_trip{residuals_installed{}};
  CHECK(round_trip{get_residuals{6}}.read.version == 6);
  CHECK(round_trip{residuals_ready{{some_ticket()}}}.read.residuals.at(0).range == 6);
  round_trip{interrupt_training{}};
  CHECK(round_trip{role_died{"trainer 1", "killed"}}.read.reason == "killed");
  CHECK(round_trip{run_steps{3, 5}}.read.last == 5);
  const core::work_counters work{1, 2, 3, 4, 5, 6, 7};
  const auto finished = round_trip{steps_finished{5, 3, work}}.read;
  CHECK(finished.last == 5);
  CHECK(finished.work.queue_max == 7);
  round_trip{get_work{}};
  const auto told = round_trip{work}.read;
  CHECK(told.compute_seconds == 1);
  CHECK(told.wait_seconds == 2);
  CHECK(told.send_seconds == 3);
  CHECK(told.apply_seconds == 4);
  CHECK(told.bytes_sent == 5);
  CHECK(told.bytes_received == 6);
  round_trip{start_training{}};
  CHECK(round_trip{training_finished{training_end::interrupted, 4}}.read.end
        == training_end::interrupted);
}

TEST_CASE("every message of training by item survives the wire",
          "[actors][messages][by_item]") {
  CHECK(round_trip{encode_items{some_ticket()}}.read.rows.step == 4);
  CHECK(round_trip{compare_items{some_ticket()}}.read.hidden.step == 4);
  CHECK(round_trip{differentiate_items{some_ticket()}}.read.scales.step == 4);
  CHECK(round_trip{update_items{some_ticket()}}.read.gradients.step == 4);
  CHECK(round_trip{partial_ready{some_ticket()}}.read.partial.range == 6);
  CHECK(round_trip{items_updated{5}}.read.version == 5);
  CHECK(round_trip{start_item_server{1, 2, 3}}.read.threads == 3);
  CHECK(round_trip{start_middle_server{2, 4}}.read.index == 2);
  CHECK(round_trip{start_item_trainer{4, {}, {}, {}, {}}}.read.threads == 4);
}

TEST_CASE("every message about a run's status survives the wire",
          "[actors][messages]") {
  round_trip{get_status{}};
  core::run_status status;
  status.directory = "runs/x";
  status.task = "training vae";
  status.units_per_second = 2.5;
  status.processes = {"process 0", "process 1"};
  status.roles = {{"trainer 0", "process 1", 2, {1, 2, 3, 4, 5, 6, 7}, 1.5}};
  status.checkpoints_failed = 3;
  const auto read = round_trip{status}.read;
  CHECK(read.task == "training vae");
  CHECK(read.processes == status.processes);
  CHECK(read.roles.at(0).work.bytes_received == 6);
  CHECK(read.roles.at(0).times_slower == 1.5);
  CHECK(read.checkpoints_failed == 3);
}

TEST_CASE("every simulation message survives the wire", "[actors][messages]") {
  CHECK(round_trip{advance_cohort{5, 6}}.read.end == 6);
  core::session_record record;
  record.price = 9.5F;
  record.policy = 3;
  const auto tick = round_trip{tick_finished{{{record}}, 77}}.read;
  CHECK(tick.records.values.at(0).price == 9.5F);
  CHECK(tick.next_wake == 77);
  round_trip{get_totals{}};
  CHECK(round_trip{cohort_totals{{{1, 2}}}}.read.bytes.values.size() == 2);
  round_trip{get_histories{}};
  const auto known = round_trip{cohort_histories{{{3}}, {{2}}, {{8, 9}}}}.read;
  CHECK(known.users.values == std::vector<core::user_id>{3});
  CHECK(known.lengths.values == std::vector<std::uint32_t>{2});
  CHECK(known.items.values == std::vector<core::item_id>{8, 9});
  CHECK(round_trip{use_policy{4}}.read.version == 4);
  round_trip{policy_in_use{}};
}

TEST_CASE("every message of a replay survives the wire", "[actors][messages]") {
  const core::replay_event event{5, 6, 7, 8, 1};
  const auto asked = round_trip{predict_events{{{event}}}}.read;
  CHECK(asked.events.values.at(0).time == 5);
  CHECK(asked.events.values.at(0).is_learned == 1);
  const core::replay_prediction met{1, 2, 3, 4, core::replay_verdict::learned};
  const auto answer = round_trip{events_predicted{{{met}}}}.read;
  CHECK(answer.predictions.values.at(0).history == 4);
  CHECK(answer.predictions.values.at(0).verdict == core::replay_verdict::learned);
}

TEST_CASE("every message between processes survives the wire", "[actors][messages]") {
  const core::bulk_address here{"127.0.0.1", 1234, ""};
  const auto opening = round_trip{open_run{1, "souk: 1", "runs/x", {}, here}}.read;
  CHECK(opening.directory == "runs/x");
  CHECK(opening.coordinator == here);
  CHECK(round_trip{run_opened{{{"isa", "avx2"}}}}.read.platform.at("isa") == "avx2");
  const core::bulk_address somewhere{"127.0.0.1", 4321, "name"};
  CHECK(round_trip{meet_processes{{somewhere}}}.read.bulk.at(0) == somewhere);
  round_trip{are_you_there{}};
  const auto training = round_trip{open_training{8, 1, 3, "rows.h5"}}.read;
  CHECK(training.generation == 3);
  CHECK(training.further_rows == "rows.h5");
  CHECK(round_trip{start_data_shard{1, 2}}.read.count == 2);
  CHECK(round_trip{start_parameter_server{1, 2, 5}}.read.trainers == 5);
  CHECK(round_trip{start_trainer{1, 3, 4, {}, {}, {}}}.read.threads == 4);
  CHECK(round_trip{start_user_cohort{1, 2, "random"}}.read.policy == "random");
  const auto loading = round_trip{load_policy{"daily", 1, 2}}.read;
  CHECK(loading.policy == "daily");
  CHECK(loading.version == 2);
  round_trip{close_training{}};
  CHECK(round_trip{turn_away{"avx2"}}.read.reason == "avx2");
  CHECK(round_trip{open_file{"dataset.h5"}}.read.entry == "dataset.h5");
  CHECK(round_trip{file_opened{some_ticket(), 11, "abc  dataset.h5"}}.read.length
        == 11);
  round_trip{node_done{}};
  CHECK(round_trip{join_run{"0.1.0", 99, {}, somewhere}}.read.bulk == somewhere);
}

TEST_CASE("a raw vector longer than allowed is refused before it is allocated",
          "[actors][messages]") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  auto size = raw_vector<double>::bytes_max;
  REQUIRE_FALSE(sink.begin_sequence(size));
  caf::binary_deserializer source{system, bytes};
  raw_vector<double> read;
  const auto refused = source(read);
  CHECK(refused);
  CHECK(read.values.capacity() == 0);
}
