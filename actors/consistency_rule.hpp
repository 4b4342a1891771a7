#pragma once

#include "actors/clocks.hpp"
#include "actors/range_order.hpp"
#include "core/errc.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace souk::actors {

/// Decides when a server lets parameters be read, and when it applies what was pushed.
/// Knows turns only: neither messages nor tensors.
///
/// A server tells it what is asked for (`want`) and what is there (`bring`), and does
/// the events that it returns, one after another, until there is none:
///
///   rule->bring(turn);
///   while (const auto event = rule->next())
///     carry_out(*event);
class consistency_rule {
public:
  explicit consistency_rule(const clocks& time);
  virtual ~consistency_rule() = default;

  /// Begins at a cut: all steps before it are applied, nothing else is known.
  virtual void begin(std::uint64_t cut);

  /// Why a gradient's parameters cannot be asked for: `not_ready` unless it is its
  /// worker's next turn, or the one after, for which it has to wait; and for one that
  /// never comes. `none` if they can.
  core::errc refusal_to_read(std::uint64_t turn) const;

  /// Why a gradient is not taken: `stale_gradient` for a turn that was brought before,
  /// `not_ready` for one that is not its worker's next. `none` if it is.
  core::errc refusal_to_take(std::uint64_t turn) const;

  /// Somebody wants to read the parameters for a gradient.
  void want(std::uint64_t turn);

  /// A gradient is there, whole.
  void bring(std::uint64_t turn);

  /// The next event, if what is known suffices for it.
  std::optional<range_event> next();

protected:
  /// Chooses among the readers and gradients that wait.
  virtual std::optional<range_event> choose() = 0;

  /// Whether a gradient's turn has come to be read for, as far as its worker goes: it
  /// has brought all that came before.
  bool can_read(std::uint64_t turn) const {
    return expected_[time_.worker(turn)] == turn;
  }

  /// Whether a turn ever comes; every turn does, unless it is known otherwise.
  virtual bool comes(std::uint64_t /*turn*/) const {
    return true;
  }

  /// The reader of lowest number who may read at clock `last` at the latest.
  std::optional<range_event> first_reader(std::uint64_t last) const;

  /// Whether all gradients of the clock that begins at a cut are there.
  bool is_whole(std::uint64_t cut) const;

  clocks time_;
  std::set<std::uint64_t> wanted_;
  std::set<std::uint64_t> brought_; ///< and not yet applied

private:
  std::vector<std::uint64_t> expected_; ///< by worker: the turn that it brings next
};

/// Makes the rule of a training.
///
/// - bsp, local_sgd: a turn is read when the clock before it was applied; a clock is
///   applied at once, as the event of its first turn, when all of its turns are there.
/// - ssp: whole clocks are applied, turn after turn; a turn of clock c is read when all
///   clocks before c - staleness were (Ho et al., NIPS 2013), from the newest
///   parameters. So no worker reads more than `staleness` clocks ahead of the slowest.
/// - asp: turns are applied as they come and read when they are asked for.
std::unique_ptr<consistency_rule> make_rule(const consistency_options& options,
                                            const clocks& time);

/// Makes a rule that repeats what happened: readers and gradients wait until they are
/// next in `order`. What happened before the cut where it begins is left out.
/// `not_ready` refuses turns that the order does not have.
std::unique_ptr<consistency_rule> make_rule(range_order order, const clocks& time);

} // namespace souk::actors
