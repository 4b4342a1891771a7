#pragma once

#include "actors/batches.hpp"
#include "actors/failure.hpp"
#include "actors/messages/types.hpp"
#include "models/learner.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace souk::actors {

/// The rows of one step of a trainer, as its data shards answer: asked for while the
/// step before is computed.
struct rows_on_their_way {
  std::optional<std::uint64_t> step;          ///< whose rows were asked for
  std::vector<messages::rows_of_run> arrived; ///< by answer
  std::size_t missing = 0;                    ///< shards that have not answered

  bool are_here(std::uint64_t wanted) const {
    return step == wanted && missing == 0;
  }

  /// Puts what has arrived in its places: rows[block in the run times rows per block,
  /// plus row]; what nobody sent is padding. Returns what the rows point into.
  std::vector<messages::rows_of_run> take(std::vector<models::batch_row>& rows,
                                          std::size_t num_rows);
};

/// Asks every shard for the rows of a step, unless that was done before.
/// `advance(self)` is called at every answer, `fail(self, reason)` where there is none.
/// The actor's state has `incoming` rows.
template <class Self, class Advance, class Fail>
void request_rows(Self* self,
                  const std::vector<messages::data_shard_actor>& shards,
                  std::uint64_t step,
                  const messages::get_rows& request,
                  Advance advance,
                  Fail fail) {
  auto& incoming = self->state.incoming;
  if (incoming.step == step)
    return;
  incoming = {step, {}, shards.size()};
  for (const auto& shard : shards)
    self->request(shard, work_timeout, request)
      .then(
        [=](messages::rows_of_run& rows) {
          auto& present = self->state.incoming;
          if (present.step != step)
            return; // of a lease that was given up
          present.arrived.push_back(std::move(rows));
          --present.missing;
          advance(self);
        },
        [=](const caf::error& reason) { fail(self, reason); });
}

} // namespace souk::actors
