// Talks nonsense to a process of a cluster, over real sockets, and watches its memory.
//
//   souk_fuzz_channels [--sessions 10000] [--seed 1]
//
// Half of the sessions are with its control channel, half with its tensors. Some of
// them come without credentials, with noise or damaged handshakes; the others have good
// ones, and damage what they say afterwards. Fails if the process ends, grows by more
// than 64 MB, or does not serve a good peer in the end.

#include "actors/system_config.hpp"
#include "tests/actors/channels/good_sessions.hpp"
#include "tests/actors/channels/served_channels.hpp"
#include "tests/actors/channels/tls_peer.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

using namespace souk;
using namespace souk::tests;

namespace {

#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer holds on to 256 MB of what was freed.
constexpr std::uint64_t growth_max_kb = (64 + 256) * 1024;
#else
constexpr std::uint64_t growth_max_kb = 64 * 1024;
#endif

/// Sessions that stay open, having promised more than they sent.
constexpr std::size_t lingering_max = 40;

/// Where the victim serves.
struct places {
  std::uint16_t control = 0;
  std::uint16_t bulk = 0;
  std::uint64_t actor = 0;
  core::tensor_ticket ticket;
};

/// A process of a cluster, a child of this one.
class victim {
public:
  explicit victim(const actors::bulk::credentials& mine) {
    std::array<int, 2> pipe_ends{};
    if (::pipe(pipe_ends.data()) != 0)
      throw std::runtime_error{"no pipe"};
    id_ = ::fork();
    if (id_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(mine, pipe_ends[1]);
    }
    ::close(pipe_ends[1]);
    if (::read(pipe_ends[0], &at, sizeof at) != sizeof at)
      throw std::runtime_error{"the process did not start"};
    ::close(pipe_ends[0]);
  }

  victim(const victim&) = delete;
  victim& operator=(const victim&) = delete;

  ~victim() {
    if (!end().empty())
      return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }

  /// Empty while it lives.
  std::string end() {
    int status = 0;
    if (end_.empty() && ::waitpid(id_, &status, WNOHANG) != 0)
      end_ = WIFSIGNALED(status)
               ? "it died of signal " + std::to_string(WTERMSIG(status))
               : "it ended";
    return end_;
  }

  std::uint64_t resident_kb() const {
    std::ifstream status{"/proc/" + std::to_string(id_) + "/status"};
    for (std::string word; status >> word;)
      if (word == "VmRSS:") {
        std::uint64_t kb = 0;
        status >> kb;
        return kb;
      }
    return 0;
  }

  /// Connections that were closed must not stay behind.
  std::size_t open_files() const {
    const std::filesystem::directory_iterator files{"/proc/" + std::to_string(id_)
                                                    + "/fd"};
    return static_cast<std::size_t>(std::distance(files, {}));
  }

  places at;

private:
  [[noreturn]] static void serve(const actors::bulk::credentials& mine, int answer) {
    const served_channels served{mine};
    const places here{served.control_port, served.bulk_port, served.actor_number,
                      served.ticket};
    if (::write(answer, &here, sizeof here) != sizeof here)
      std::_Exit(1);
    for (;;)
      ::pause();
  }

  pid_t id_ = 0;
  std::string end_;
};

/// Draws damage.
class fuzzer {
public:
  fuzzer(const victim& target, const cluster_certificates& made, std::uint32_t seed)
    : target_{target}, shown_{shown_certificate::of(made.first())}, draw_{seed} {
    words_[1] = good_bulk_words(target.at.ticket);
    for (std::size_t channel = 0; channel < 2; ++channel)
      record(channel);
  }

  /// Ends the sessions that were left open.
  void leave() {
    lingering_.clear();
  }

  /// Has one session.
  void go() {
    const std::size_t channel = below(2);
    const auto kind = below(kinds.size());
    ++counts[kind];
    switch (kind) {
    case 0:
      return make_noise(channel);
    case 1:
      return cut_handshake(channel);
    case 2:
      return flip_in_session(channel);
    case 3:
      return replay(channel);
    default:
      return misuse_credentials(channel);
    }
  }

  static constexpr std::array kinds{"noise", "handshakes cut short",
                                    "bytes flipped under way", "recordings, damaged",
                                    "good credentials, bad words"};
  std::array<std::uint64_t, kinds.size()> counts{};

private:
  std::unique_ptr<tls_client> connect(std::size_t channel,
                                      bool gives_up_soon = false) const {
    return std::make_unique<tls_client>(
      "127.0.0.3", "127.0.0.2", channel == 0 ? target_.at.control : target_.at.bulk,
      gives_up_soon);
  }

  std::size_t below(std::size_t limit) {
    return draw_() % limit;
  }

  void flip(std::vector<char>& bytes) {
    if (!bytes.empty())
      bytes[below(bytes.size())] ^= static_cast<char>(1U + below(255));
  }

  /// CAF keeps one connection per process, so everybody says another one's number.
  const std::vector<char>& good_words(std::size_t channel) {
    if (channel == 0)
      words_[0] = good_control_words(system_, target_.at.actor, ++process_);
    return words_[channel];
  }

  void record(std::size_t channel) {
    const auto client = connect(channel);
    if (!client->shake_hands(shown_, [&](std::vector<char>& bytes) {
          recorded_[channel].insert(recorded_[channel].end(), bytes.begin(),
                                    bytes.end());
        }))
      throw std::runtime_error{"a good peer is not let in"};
    client->send(good_words(channel));
    if (channel == 0 ? !hears_seven(*client)
                     : client->receive(32 + 32 + 4000).size() != 4064)
      throw std::runtime_error{"a good peer is not served"};
  }

  /// Reads CAF's messages until one is for us.
  static bool hears_seven(tls_client& client) {
    for (int i = 0; i < 10; ++i) {
      const auto header = client.receive(32);
      if (header.size() != 32)
        return false;
      std::size_t length = 0;
      for (std::size_t k = 4; k < 8; ++k)
        length = length << 8U | static_cast<unsigned char>(header[k]);
      client.receive(length);
      if (header[0] == 2 && header[31] == static_cast<char>(answers_to))
        return true;
    }
    return false;
  }

  void make_noise(std::size_t channel) {
    std::vector<char> bytes(below(4000));
    for (auto& byte : bytes)
      byte = static_cast<char>(draw_());
    // Half of it looks like a record of TLS, of any length.
    if (bytes.size() > 5 && below(2) == 0) {
      bytes[0] = 0x16;
      bytes[1] = 0x03;
      bytes[2] = 0x01;
    }
    const auto client = connect(channel);
    client->send_plainly(bytes);
    client->wait_for_the_end();
  }

  void cut_handshake(std::size_t channel) {
    const auto client = connect(channel);
    const auto last_flight = below(2);
    std::size_t flight = 0;
    client->shake_hands(below(2) == 0 ? shown_ : shown_certificate{},
                        [&](std::vector<char>& bytes) {
                          if (flight == last_flight) {
                            bytes.resize(below(bytes.size()));
                            client->send_plainly(bytes);
                            client->finish_sending();
                          }
                          if (flight >= last_flight)
                            bytes.clear();
                          ++flight;
                        });
    client->wait_for_the_end();
  }

  void flip_in_session(std::size_t channel) {
    const auto client = connect(channel, /*gives_up_soon=*/true);
    const auto in_flight = below(3);
    std::size_t flight = 0;
    if (client->shake_hands(shown_, [&](std::vector<char>& bytes) {
          if (flight++ == in_flight)
            for (auto flips = 1 + below(3); flips > 0; --flips)
              flip(bytes);
        }))
      client->send(good_words(channel));
    client->wait_for_the_end();
  }

  void replay(std::size_t channel) {
    auto bytes = recorded_[channel];
    for (auto flips = below(4); flips > 0; --flips)
      flip(bytes);
    if (below(3) == 0)
      bytes.resize(below(bytes.size()));
    const auto client = connect(channel);
    client->send_plainly(bytes);
    client->wait_for_the_end();
  }

  /// Where frames begin in the words of a channel.
  std::vector<std::size_t> frames_of(std::size_t channel) const {
    if (channel == 1)
      return {40, 40 + 64, 40 + 2 * 64};
    std::vector<std::size_t> all;
    const auto& words = words_[0];
    for (std::size_t i = 0; i < words.size();) {
      all.push_back(i);
      std::size_t length = 0;
      for (std::size_t k = 4; k < 8; ++k)
        length = length << 8U | static_cast<unsigned char>(words[i + k]);
      i += 32 + length;
    }
    return all;
  }

  void claim_a_length(std::size_t channel, std::vector<char>& bytes) {
    const auto frames = frames_of(channel);
    const auto frame = frames[below(frames.size())];
    // Either beyond what is allowed, or just allowed, and never sent.
    const auto length = below(2) == 0 ? draw_() : 200'000'000 + below(60'000'000);
    const std::size_t at = channel == 0 ? frame + 4 : frame + 56;
    for (std::size_t k = 0; k < 4; ++k)
      bytes[at + k] = static_cast<char>(length >> (channel == 0 ? 24 - 8 * k : 8 * k));
  }

  void misuse_credentials(std::size_t channel) {
    auto bytes = good_words(channel);
    const auto how = below(4);
    if (how == 0)
      claim_a_length(channel, bytes);
    else if (how == 1)
      bytes[frames_of(channel)[0]] = static_cast<char>(below(8));
    for (auto flips = how < 2 ? 0 : 1 + below(4); flips > 0; --flips)
      flip(bytes);
    if (how == 3)
      bytes.resize(below(bytes.size()));
    auto client = connect(channel);
    if (!client->shake_hands(shown_))
      throw std::runtime_error{"good credentials were refused"};
    client->send(bytes);
    if (how == 0) {
      lingering_.push_back(std::move(client));
      if (lingering_.size() > lingering_max)
        lingering_.pop_front();
      return;
    }
    client->wait_for_the_end();
  }

  const victim& target_;
  const shown_certificate shown_;
  std::mt19937 draw_;
  actors::system_config config_;
  caf::actor_system system_{config_};
  std::uint32_t process_ = 0;
  std::array<std::vector<char>, 2> words_;
  std::array<std::vector<char>, 2> recorded_;
  std::deque<std::unique_ptr<tls_client>> lingering_;
};

struct request {
  std::uint64_t sessions = 10'000;
  std::uint32_t seed = 1;
};

request parse(int argc, char** argv) {
  request asked;
  for (int i = 1; i + 1 < argc; i += 2)
    if (std::strcmp(argv[i], "--sessions") == 0)
      asked.sessions = std::stoull(argv[i + 1]);
    else if (std::strcmp(argv[i], "--seed") == 0)
      asked.seed = static_cast<std::uint32_t>(std::stoul(argv[i + 1]));
    else
      throw std::runtime_error{std::string{"unknown: "} + argv[i]};
  return asked;
}

/// Empty if a good peer is served on both channels.
std::string complaint_of(const actors::bulk::credentials& good, const places& at) {
  auto why = served_channels::why_unreachable(good, "127.0.0.2", at.control);
  if (why.empty())
    why = served_channels::why_no_tensor(good, "127.0.0.2", at.bulk, at.ticket);
  return why;
}

int fuzz(const request& asked) {
  const cluster_certificates made;
  victim target{made.coordinator()};
  if (const auto why = complaint_of(made.second(), target.at); !why.empty())
    throw std::runtime_error{"before anything was damaged: " + why};
  fuzzer talker{target, made, asked.seed};
  const auto start = std::chrono::steady_clock::now();
  const auto before = target.resident_kb();
  const auto files_before = target.open_files();
  auto most = before;
  for (std::uint64_t i = 0; i < asked.sessions; ++i) {
    try {
      talker.go();
    } catch (const std::exception& broken) {
      throw std::runtime_error{"session " + std::to_string(i) + ": " + broken.what()
                               + "; " + target.end()};
    }
    if (i % 16 == 0)
      most = std::max(most, target.resident_kb());
  }
  most = std::max(most, target.resident_kb());
  const std::chrono::duration<double> seconds =
    std::chrono::steady_clock::now() - start;
  talker.leave();
  auto why = target.end();
  for (int i = 0; why.empty() && i < 50 && target.open_files() > files_before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  if (why.empty() && target.open_files() > files_before)
    why = std::to_string(target.open_files() - files_before) + " files stay open";
  if (why.empty())
    why = complaint_of(made.second(), target.at);
  for (std::size_t kind = 0; kind < talker.counts.size(); ++kind)
    std::printf("%7llu %s\n", static_cast<unsigned long long>(talker.counts[kind]),
                fuzzer::kinds[kind]);
  std::printf(
    "%llu sessions in %.1f s, seed %u: resident %.1f MB at the start, at most "
    "%.1f MB more; %s\n",
    static_cast<unsigned long long>(asked.sessions), seconds.count(), asked.seed,
    static_cast<double>(before) / 1024, static_cast<double>(most - before) / 1024,
    why.empty() ? "a good peer is served" : why.c_str());
  return why.empty() && most - before <= growth_max_kb ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return fuzz(parse(argc, argv));
  } catch (const std::exception& broken) {
    std::fprintf(stderr, "%s\n", broken.what());
    return 1;
  }
}
