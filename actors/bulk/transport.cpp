#include "actors/bulk/transport.hpp"

#include "actors/bulk/fetcher.hpp"
#include "actors/bulk/listener.hpp"
#include "actors/bulk/security.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace souk::actors::bulk {

namespace {

/// Received buffers that are kept for the next tensors.
constexpr std::uint64_t idle_bytes_max = std::uint64_t{256} << 20;

/// An io context whose thread runs until it is stopped.
class io_thread {
public:
  explicit io_thread(std::shared_ptr<asio::io_context> io)
    : io_{std::move(io)}, work_{asio::make_work_guard(*io_)}, thread_{[this] {
        run();
      }} {
    // nop
  }

  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  ~io_thread() {
    stop();
  }

  void stop() {
    if (!thread_.joinable())
      return;
    io_->stop();
    thread_.join();
  }

private:
  /// What one connection runs into must not end the others; its watchdog ends it.
  void run() {
    while (!io_->stopped())
      try {
        io_->run();
      } catch (const std::exception& broken) {
        core::log::failure(std::string{"a connection for tensors broke: "}
                           + broken.what());
      }
  }

  std::shared_ptr<asio::io_context> io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

std::shared_ptr<const tls_context> encryption_of(const transport_options& options) {
  if (options.tcp == protection::secret
      && (options.credentials.secret.empty() || !is_loopback(options.host)))
    throw core::error{"only TLS may be used beyond the loopback interface",
                      options.host, "listen at 127.0.0.1, or use mutual TLS"};
  check_listening(options.credentials, options.host);
  if (options.tcp == protection::secret)
    return nullptr;
  return std::make_shared<const tls_context>(options.credentials, conversation::bulk);
}

std::shared_ptr<channel_settings> channel_settings_of(const transport_options& options,
                                                      const secret_token& secret) {
  auto settings = std::make_shared<channel_settings>();
  settings->io = std::make_shared<io_in_turn>();
  settings->polling = std::make_shared<busy_poll>(settings->io->context);
  settings->buffers = std::make_shared<buffer_pool>(idle_bytes_max);
  settings->encryption = encryption_of(options);
  settings->from = options.credentials.address;
  settings->secret = secret;
  settings->stall_timeout = options.stall_timeout;
  settings->window_bytes = options.window_bytes;
  return settings;
}

std::shared_ptr<session_settings>
session_settings_of(const std::shared_ptr<exchange>& tensors,
                    const transport_options& options,
                    const secret_token& secret) {
  auto settings = std::make_shared<session_settings>();
  settings->tensors = tensors;
  settings->secret = secret;
  settings->stall_timeout = options.stall_timeout;
  settings->shared_bytes_max = options.shared_bytes_max;
  return settings;
}

/// Whether any but this process can be asked over shared memory of its host.
bool have_neighbour(const std::vector<core::bulk_address>& all,
                    const core::bulk_address& own) {
  return std::any_of(all.begin(), all.end(), [&](const core::bulk_address& other) {
    return !other.local.empty() && other.host == own.host && other.port != own.port;
  });
}

} // namespace

transport_options options_for(const credentials& mine) {
  transport_options options;
  options.credentials = mine;
  if (mine.secret.empty())
    options.tcp = protection::mutual_tls;
  if (!mine.address.empty())
    options.host = mine.address;
  return options;
}

struct transport::state {
  state(const std::shared_ptr<exchange>& tensors,
        const transport_options& options,
        const secret_token& secret)
    : shared_memory{options.shared_memory},
      fetching{channel_settings_of(options, secret)}, incoming{tensors, fetching,
                                                               options.shared_memory},
      outgoing{*serving,
               {options.host, options.port},
               options.shared_memory,
               fetching->encryption,
               session_settings_of(tensors, options, secret)},
      server{serving}, client{{fetching->io, &fetching->io->context}} {
    // nop
  }

  /// Has the fetcher's thread do this work, after what was posted before.
  template <class Work>
  void post(Work work) {
    ++posted;
    asio::post(fetching->io->executor(), [this, work = std::move(work)]() mutable {
      --posted;
      work(incoming);
    });
  }

  /// Asks from this thread, if that can be done at once and in turn: to have the io
  /// thread woken for it takes a virtual machine as long as some hundred kilobytes do.
  bool fetch_now(const core::tensor_ticket& ticket, when_ended& ended) {
    // A handler of the io thread has the turn already.
    if (posted > 0 || fetching->io->context.get_executor().running_in_this_thread())
      return false;
    const std::unique_lock turn{fetching->io->turn, std::try_to_lock};
    return turn && incoming.fetch_now(ticket, ended);
  }

  const bool shared_memory;
  std::atomic<bool> has_neighbours{false};
  std::shared_ptr<asio::io_context> serving = std::make_shared<asio::io_context>(1);
  std::shared_ptr<channel_settings> fetching;
  std::atomic<int> posted{0}; ///< and not yet begun
  fetcher incoming;
  listener outgoing;
  io_thread server;
  io_thread client;
};

transport::transport(std::shared_ptr<exchange> tensors,
                     const transport_options& options)
  : state_{
    std::make_unique<state>(tensors, options, read_secret(options.credentials))} {
  // nop
}

transport::~transport() {
  auto& my = *state_;
  my.server.stop();
  my.client.stop();
  my.fetching->polling->end();
  // Nobody else runs now. What was posted, and what is cancelled, must still end; who
  // is told may ask again, and is told of that, too.
  auto& io = my.fetching->io->context;
  io.restart();
  io.poll();
  my.post([](fetcher& incoming) { incoming.close(); });
  io.restart();
  io.poll();
  my.fetching->ended = nullptr;
}

const core::bulk_address& transport::address() const {
  return state_->outgoing.address();
}

void transport::meet(std::vector<core::bulk_address> all) {
  state_->has_neighbours = state_->shared_memory && have_neighbour(all, address());
  state_->post([all = std::move(all)](fetcher& incoming) mutable {
    incoming.meet(std::move(all));
  });
}

bool transport::has_neighbours() const {
  return state_->has_neighbours;
}

void transport::fetch(const core::tensor_ticket& ticket, when_ended ended) {
  if (!state_->fetch_now(ticket, ended))
    state_->post([ticket, ended = std::move(ended)](fetcher& incoming) mutable {
      incoming.fetch(ticket, std::move(ended));
    });
}

} // namespace souk::actors::bulk
