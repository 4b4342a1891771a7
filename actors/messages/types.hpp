#pragma once

#include "actors/messages/bulk.hpp"
#include "actors/messages/by_item.hpp"
#include "actors/messages/files.hpp"
#include "actors/messages/node.hpp"
#include "actors/messages/replay.hpp"
#include "actors/messages/simulation.hpp"
#include "actors/messages/status.hpp"
#include "actors/messages/training.hpp"
#include "actors/messages/work.hpp"
#include "core/errc.hpp"

#include <caf/error.hpp>
#include <caf/make_message.hpp>

CAF_ERROR_CODE_ENUM(souk::core::errc, "souk")

// The one block of type ids: CAF's counters restart in every block.
CAF_BEGIN_TYPE_ID_BLOCK(souk, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(souk, (souk::core::tensor_ticket))
  CAF_ADD_TYPE_ID(souk, (souk::core::bulk_address))
  CAF_ADD_TYPE_ID(souk, (souk::core::work_counters))
  CAF_ADD_TYPE_ID(souk, (souk::core::role_status))
  CAF_ADD_TYPE_ID(souk, (souk::core::run_status))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_work))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_status))
  CAF_ADD_TYPE_ID(souk, (souk::messages::status_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::fetch_tensor))
  CAF_ADD_TYPE_ID(souk, (souk::messages::tensor_arrived))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_unreachable))
  CAF_ADD_TYPE_ID(souk, (souk::messages::unreachable_processes))
  CAF_ADD_TYPE_ID(souk, (souk::messages::bulk_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::get_rows))
  CAF_ADD_TYPE_ID(souk, (souk::messages::rows_of_run))
  CAF_ADD_TYPE_ID(souk, (souk::messages::data_shard_actor))
  CAF_ADD_TYPE_ID(souk, (souk::messages::install_state))
  CAF_ADD_TYPE_ID(souk, (souk::messages::pull_parameters))
  CAF_ADD_TYPE_ID(souk, (souk::messages::push_gradient))
  CAF_ADD_TYPE_ID(souk, (souk::messages::parameters_ready))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_state))
  CAF_ADD_TYPE_ID(souk, (souk::messages::server_state))
  CAF_ADD_TYPE_ID(souk, (souk::messages::follow_order))
  CAF_ADD_TYPE_ID(souk, (souk::messages::order_followed))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_order))
  CAF_ADD_TYPE_ID(souk, (souk::messages::range_events))
  CAF_ADD_TYPE_ID(souk, (souk::messages::parameter_server_actor))
  CAF_ADD_TYPE_ID(souk, (souk::messages::step_losses))
  CAF_ADD_TYPE_ID(souk, (souk::messages::interrupt_training))
  CAF_ADD_TYPE_ID(souk, (souk::messages::role_died))
  CAF_ADD_TYPE_ID(souk, (souk::messages::run_steps))
  CAF_ADD_TYPE_ID(souk, (souk::messages::steps_finished))
  CAF_ADD_TYPE_ID(souk, (souk::messages::install_residuals))
  CAF_ADD_TYPE_ID(souk, (souk::messages::residuals_installed))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_residuals))
  CAF_ADD_TYPE_ID(souk, (souk::messages::residuals_ready))
  CAF_ADD_TYPE_ID(souk, (souk::messages::trainer_actor))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_training))
  CAF_ADD_TYPE_ID(souk, (souk::messages::training_finished))
  CAF_ADD_TYPE_ID(souk, (souk::messages::coordinator_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::encode_items))
  CAF_ADD_TYPE_ID(souk, (souk::messages::compare_items))
  CAF_ADD_TYPE_ID(souk, (souk::messages::differentiate_items))
  CAF_ADD_TYPE_ID(souk, (souk::messages::update_items))
  CAF_ADD_TYPE_ID(souk, (souk::messages::partial_ready))
  CAF_ADD_TYPE_ID(souk, (souk::messages::items_updated))
  CAF_ADD_TYPE_ID(souk, (souk::messages::item_server_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::advance_cohort))
  CAF_ADD_TYPE_ID(souk, (souk::messages::tick_finished))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_totals))
  CAF_ADD_TYPE_ID(souk, (souk::messages::cohort_totals))
  CAF_ADD_TYPE_ID(souk, (souk::messages::get_histories))
  CAF_ADD_TYPE_ID(souk, (souk::messages::cohort_histories))
  CAF_ADD_TYPE_ID(souk, (souk::messages::use_policy))
  CAF_ADD_TYPE_ID(souk, (souk::messages::policy_in_use))
  CAF_ADD_TYPE_ID(souk, (souk::messages::user_cohort_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::predict_events))
  CAF_ADD_TYPE_ID(souk, (souk::messages::events_predicted))
  CAF_ADD_TYPE_ID(souk, (souk::messages::profile_shard_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::open_file))
  CAF_ADD_TYPE_ID(souk, (souk::messages::file_opened))
  CAF_ADD_TYPE_ID(souk, (souk::messages::file_cabinet_actor))

  CAF_ADD_TYPE_ID(souk, (souk::messages::open_run))
  CAF_ADD_TYPE_ID(souk, (souk::messages::run_opened))
  CAF_ADD_TYPE_ID(souk, (souk::messages::meet_processes))
  CAF_ADD_TYPE_ID(souk, (souk::messages::are_you_there))
  CAF_ADD_TYPE_ID(souk, (souk::messages::open_training))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_data_shard))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_parameter_server))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_trainer))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_item_server))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_middle_server))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_item_trainer))
  CAF_ADD_TYPE_ID(souk, (souk::messages::start_user_cohort))
  CAF_ADD_TYPE_ID(souk, (souk::messages::load_policy))
  CAF_ADD_TYPE_ID(souk, (souk::messages::close_training))
  CAF_ADD_TYPE_ID(souk, (souk::messages::turn_away))
  CAF_ADD_TYPE_ID(souk, (souk::messages::node_done))
  CAF_ADD_TYPE_ID(souk, (souk::messages::node_actor))
  CAF_ADD_TYPE_ID(souk, (souk::messages::join_run))
  CAF_ADD_TYPE_ID(souk, (souk::messages::gate_actor))

CAF_END_TYPE_ID_BLOCK(souk)
