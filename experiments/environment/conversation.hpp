#pragma once

#include "sim/episode.hpp"
#include "sim/options.hpp"
#include "sim/world.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace souk::experiments {

/// What all environments of a server are.
struct environment_options {
  std::string name; ///< of the experiment
  sim::simulation_options shop;
  sim::episode_options episode;
  std::uint32_t first_world = 0; ///< that the first reset without a seed plays
  bool reveal_truth = false;     ///< values of slates, and the best ones
};

/// Makes a replicate world by its number; called from several threads.
using world_factory = std::function<std::shared_ptr<const sim::world>(std::uint32_t)>;

/// One client's environment and what it says (docs/environment.md has the protocol):
/// requests and answers are lines of JSON. A request that is wrong is answered with
/// `error`, and changes nothing. Knows no sockets.
class conversation {
public:
  /// The version of the protocol.
  static constexpr std::uint32_t version = 1;

  /// Both must live as long.
  conversation(const environment_options& options, const world_factory& make_world);

  /// Answers a line, both without the newline at their end. Never throws for what a
  /// client says.
  std::string answer(const std::string& line);

  /// Whether the client has said that it goes.
  bool is_over() const {
    return is_over_;
  }

  /// Returns how long a line can be that makes sense, in bytes.
  static std::size_t longest_line(const sim::simulation_options& shop);

private:
  std::string answer_to(const nlohmann::json& request);
  std::string hello(const nlohmann::json& request);
  std::string reset(const nlohmann::json& request);
  std::string step(const nlohmann::json& request);
  std::string items() const;
  std::string close();

  sim::episode& running() const;

  const environment_options& options_;
  const world_factory& make_world_;
  bool has_greeted_ = false;
  bool is_over_ = false;
  std::uint32_t next_world_;
  std::uint32_t world_ = 0; ///< of the episode
  std::unique_ptr<sim::episode> episode_;
};

/// Returns the answer that says what was wrong.
std::string error_answer(const std::string& what);

} // namespace souk::experiments
