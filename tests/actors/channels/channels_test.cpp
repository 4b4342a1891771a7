#include "actors/bulk/frames.hpp"
#include "actors/bulk/x509.hpp"
#include "actors/failure.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "tests/actors/channels/served_channels.hpp"
#include "tests/actors/channels/tls_peer.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

using namespace souk;
using namespace souk::tests;
namespace bulk = souk::actors::bulk;

namespace {

using Catch::Matchers::Contains;

/// A certificate of a cluster's authority that says what it should not.
shown_certificate forged(const cluster_certificates& made,
                         const bulk::role_set& roles,
                         const std::string& address,
                         long days) {
  const auto file = made.scratch / "forged.pem";
  const auto key = made.scratch / "forged-key.pem";
  const auto new_key = bulk::make_key();
  bulk::write_key(key, new_key.get());
  bulk::write_certificate(
    file, bulk::make_certificate(
            {"forged", roles, {address}, false, days}, new_key.get(),
            bulk::read_certificate(made.folder() + "/authority.pem").get(),
            bulk::read_key(made.folder() + "/authority-key.pem").get())
            .get());
  return {file, key};
}

struct intruder {
  shown_certificate shown;
  std::string from = "127.0.0.3";
  bool speaks_tls = true;
};

/// Whether the owner of a port says anything to somebody but that it closes.
bool is_served(const served_channels& served,
               bulk::conversation about,
               const intruder& somebody) {
  const auto is_control = about == bulk::conversation::control;
  tls_client client{somebody.from, served.host,
                    is_control ? served.control_port : served.bulk_port};
  if (!somebody.speaks_tls) {
    client.send_plainly(std::vector<char>(100, 'x'));
    const auto heard = client.received_until_the_end();
    constexpr char alert = 0x15;
    return !heard.empty() && heard.front() != alert;
  }
  if (!client.shake_hands(somebody.shown))
    return false;
  // CAF's server speaks first, an owner of tensors answers.
  if (!is_control) {
    const auto hello = encode(bulk::hello{{}, bulk::bulk_way::stream});
    client.send({hello.begin(), hello.end()});
  }
  return !client.receive(1).empty();
}

/// Sandboxes may have none.
bool has_ipv6() {
  const auto descriptor = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_addr = in6addr_loopback;
  const auto listens =
    descriptor >= 0
    && bind(descriptor, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0;
  if (descriptor >= 0)
    close(descriptor);
  return listens;
}

} // namespace

SCENARIO("only the right peers are served", "[actors][channels]") {
  const cluster_certificates made;
  const served_channels served{made.coordinator()};
  const cluster_certificates other;
  const auto about = GENERATE(bulk::conversation::control, bulk::conversation::bulk);
  CAPTURE(to_string(about));
  intruder somebody{shown_certificate::of(made.first())};

  SECTION("a node at its address is") {
    CHECK(is_served(served, about, somebody));
  }
  SECTION("nobody without a certificate") {
    somebody.shown = {};
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("nobody of another authority") {
    somebody.shown = shown_certificate::of(other.first());
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("nobody whose certificate has expired") {
    somebody.shown = forged(made, {false, true}, "127.0.0.3", -1);
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("nobody at another address") {
    somebody.from = "127.0.0.4";
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("nobody without a role") {
    somebody.shown = forged(made, {false, false}, "127.0.0.3", 1);
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("a second coordinator only for tensors") {
    somebody = {shown_certificate::of(made.coordinator()), "127.0.0.2"};
    CHECK(is_served(served, about, somebody) == (about == bulk::conversation::bulk));
  }
  SECTION("nobody with an older TLS") {
    somebody.shown.tls_version = TLS1_2_VERSION;
    CHECK_FALSE(is_served(served, about, somebody));
  }
  SECTION("nobody who speaks plainly") {
    somebody.speaks_tls = false;
    CHECK_FALSE(is_served(served, about, somebody));
  }
  // Whatever it was, a good peer is served afterwards.
  CHECK(served.answers(made.second()));
  CHECK(served.gives_tensor(made.second()));
}

SCENARIO("a node listens to a coordinator only", "[actors][channels]") {
  const cluster_certificates made;
  const served_channels served{made.first()};
  CHECK(served.why_not(made.second()) != "");
  CHECK_THAT(served.why_not(made.second()), Contains("of another role"));
  CHECK(served.why_not(made.coordinator()) == "");
  // Tensors go from node to node.
  CHECK(served.gives_tensor(made.second()));
}

SCENARIO("whoever connects checks too", "[actors][channels]") {
  const cluster_certificates made;
  const cluster_certificates other;
  shown_certificate shown = shown_certificate::of(made.coordinator());
  std::string at = "127.0.0.2";
  std::string reason;
  SECTION("the role") {
    shown = shown_certificate::of(made.second());
    at = "127.0.0.4";
    reason = "of another role";
  }
  SECTION("the address") {
    at = "127.0.0.9";
    reason = "not of its address";
  }
  SECTION("the authority") {
    shown = shown_certificate::of(other.coordinator());
    reason = "of another authority";
  }
  SECTION("the dates") {
    shown = forged(made, {true, false}, at, -1);
    reason = "has expired";
  }
  const false_server false_coordinator{at, shown};
  CHECK_THAT(
    served_channels::why_unreachable(made.first(), at, false_coordinator.port()),
    Contains(reason));
  // For tensors nodes are as good as coordinators.
  if (reason != "of another role")
    CHECK(served_channels::why_no_tensor(made.first(), at, false_coordinator.port(), {})
            .find(reason)
          != std::string::npos);
  CHECK(false_coordinator.num_deceived() == 0);
}

SCENARIO("addresses may be IPv6", "[actors][channels]") {
  const cluster_certificates made;
  bulk::add_cluster_certificates(
    made.folder(), {{"local", bulk::role::node, {"::1", "127.0.0.8"}}}, 1);
  if (!has_ipv6()) {
    WARN("skipped: nothing can listen at ::1 here");
    return;
  }
  const auto mine =
    bulk::credentials_of_cluster(made.folder() + "/local", bulk::role::node, "::1");
  const served_channels served{mine};
  CHECK(served.gives_tensor(mine));
  // Both are nodes, so it is the role that is refused, not the address.
  CHECK_THAT(served.why_not(mine), Contains("of another role"));
}

SCENARIO("slow strangers keep nobody out", "[actors][channels]") {
  const cluster_certificates made;
  const served_channels served{made.coordinator()};
  std::vector<std::unique_ptr<tls_client>> silent;
  for (int i = 0; i < 100; ++i)
    for (const auto port : {served.control_port, served.bulk_port})
      silent.push_back(std::make_unique<tls_client>("127.0.0.3", served.host, port));
  CHECK(served.answers(made.first()));
  CHECK(served.gives_tensor(made.first()));
  // The first came when there was room; the others' coming has ended that, long before
  // its time to show who it is was over.
  const auto since = core::seconds_now();
  CHECK(silent.front()->received_until_the_end().empty());
  CHECK(core::seconds_now() - since < 5);
}

SCENARIO("nobody takes part in a cluster with bad credentials", "[actors][channels]") {
  const cluster_certificates made;
  auto mine = made.first();
  mine.address = "127.0.0.9";
  CHECK_THROWS_WITH(served_channels{mine}, Contains("is not of the address"));
  CHECK_THROWS_WITH(
    bulk::transport(std::make_shared<bulk::exchange>(), bulk::options_for(mine)),
    Contains("is not of the address"));
  std::filesystem::remove(mine.key);
  CHECK_THROWS_WITH(served_channels{mine}, Contains("cannot read the file"));
}
