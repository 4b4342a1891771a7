#include "actors/bulk/certificates.hpp"

#include "actors/bulk/x509.hpp"
#include "core/error.hpp"
#include "tests/support/cluster_certificates.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk;
using namespace souk::tests;
namespace bulk = souk::actors::bulk;
namespace fs = std::filesystem;

namespace {

using Catch::Matchers::Contains;
using strings = std::vector<std::string>;

fs::perms permissions_of(const std::string& path) {
  return fs::status(path).permissions();
}

constexpr auto owner_only = fs::perms::owner_read | fs::perms::owner_write;

/// Certificates of the first node, signed by its cluster's authority, but otherwise.
void sign_anew(const cluster_certificates& made, long days) {
  const auto mine = made.first();
  fs::remove(mine.certificate);
  bulk::write_certificate(
    mine.certificate, bulk::make_certificate(
                        {"first", {false, true}, {"127.0.0.3"}, false, days},
                        bulk::read_key(mine.key).get(),
                        bulk::read_certificate(made.folder() + "/authority.pem").get(),
                        bulk::read_key(made.folder() + "/authority-key.pem").get())
                        .get());
}

} // namespace

SCENARIO("certificates carry role and addresses", "[actors][bulk][certificates]") {
  const cluster_certificates made;
  const auto coordinator =
    bulk::read_certificate(made.folder() + "/coordinator/certificate.pem");
  CHECK(bulk::roles_of(coordinator.get()).coordinator);
  CHECK_FALSE(bulk::roles_of(coordinator.get()).node);
  CHECK(bulk::addresses_of(coordinator.get()) == strings{"127.0.0.2"});

  bulk::add_cluster_certificates(
    made.folder(), {{"third", bulk::role::node, {"10.0.0.9", "fd00::9"}}}, 1);
  const auto third = bulk::read_certificate(made.folder() + "/third/certificate.pem");
  CHECK(bulk::roles_of(third.get()).node);
  CHECK_FALSE(bulk::roles_of(third.get()).coordinator);
  CHECK(bulk::addresses_of(third.get()) == strings{"10.0.0.9", "fd00::9"});
  CHECK_NOTHROW(bulk::check_credentials(bulk::credentials_of_cluster(
    made.folder() + "/third", bulk::role::node, "fd00:0::9")));
}

SCENARIO("only their owner can read keys", "[actors][bulk][certificates]") {
  const cluster_certificates made;
  for (const auto* key :
       {"/authority-key.pem", "/coordinator/key.pem", "/first/key.pem"})
    CHECK(permissions_of(made.folder() + key) == owner_only);
  for (const auto* folder : {"", "/coordinator", "/first"})
    CHECK(permissions_of(made.folder() + folder) == fs::perms::owner_all);
  // The authority's key does not travel.
  CHECK(std::distance(fs::directory_iterator{made.folder() + "/first"}, {}) == 3);

  const scratch_folder run;
  bulk::make_run_credentials(run.path());
  CHECK(permissions_of(run / "key.pem") == owner_only);
  CHECK(permissions_of(run / "secret") == owner_only);
}

SCENARIO("certificates are never overwritten", "[actors][bulk][certificates]") {
  const cluster_certificates made;
  const auto before = bytes_of(made.first().key);
  const std::vector<bulk::host_certificate> again{
    {"first", bulk::role::node, {"127.0.0.3"}}};
  CHECK_THROWS_WITH(bulk::make_cluster_certificates(made.folder(), again, 1),
                    Contains("is there already"));
  CHECK_THROWS_WITH(bulk::add_cluster_certificates(made.folder(), again, 1),
                    Contains("is there already"));
  CHECK(bytes_of(made.first().key) == before);
}

SCENARIO("certificates that make no sense are refused",
         "[actors][bulk][certificates]") {
  const scratch_folder scratch;
  const auto make = [&](bulk::host_certificate host, long days) {
    bulk::make_cluster_certificates(scratch / "made", {std::move(host)}, days);
  };
  using bulk::role;
  CHECK_THROWS_WITH(make({"a/b", role::node, {"10.0.0.1"}}, 1), Contains("no name"));
  CHECK_THROWS_WITH(make({"authority.pem", role::node, {"10.0.0.1"}}, 1),
                    Contains("no name"));
  CHECK_THROWS_WITH(make({"a", role::node, {}}, 1), Contains("no address"));
  CHECK_THROWS_WITH(make({"a", role::node, {"host"}}, 1),
                    Contains("no numeric address"));
  CHECK_THROWS_WITH(make({"a", role::node, {"0.0.0.0"}}, 1),
                    Contains("no numeric address"));
  CHECK_THROWS_WITH(make({"a", role::node, {"10.0.0.1,URI:souk:role:coordinator"}}, 1),
                    Contains("no numeric address"));
  CHECK_THROWS_WITH(make({"a", role::node, {"10.0.0.1"}}, 0), Contains("days"));
  CHECK_THROWS_WITH(bulk::add_cluster_certificates(
                      scratch.path(), {{"a", role::node, {"10.0.0.1"}}}, 1),
                    Contains("holds no authority"));
  CHECK(fs::is_empty(scratch.path()));
}

SCENARIO("credentials that cannot be used are refused with the reason",
         "[actors][bulk][certificates]") {
  const cluster_certificates made;
  auto mine = made.first();
  std::string reason;

  SECTION("a file is missing") {
    fs::remove(mine.authority);
    reason = "authority.pem: cannot read";
  }
  SECTION("the key can be read by others") {
    fs::permissions(mine.key, fs::perms::group_read, fs::perm_options::add);
    reason = "can be read or written by others";
  }
  SECTION("the certificate has expired") {
    sign_anew(made, -1);
    reason = "expired on 20";
  }
  SECTION("the certificate is of another authority") {
    const cluster_certificates other;
    mine.authority = other.folder() + "/authority.pem";
    CHECK_THROWS_WITH(bulk::check_credentials(mine), Contains("is not signed by"));
    return;
  }
  SECTION("the key is another's") {
    mine.key = made.second().key;
    reason = "does not belong to the key";
  }
  SECTION("the role is another") {
    mine.own = bulk::role::coordinator;
    reason = "is not a coordinator's certificate, but a node's";
  }
  SECTION("the address is another") {
    mine.address = "127.0.0.9";
    reason = "is not of the address 127.0.0.9, but of 127.0.0.3";
  }
  SECTION("a file is no PEM") {
    fs::remove(mine.certificate);
    made.scratch.write("certificates/first/certificate.pem", "no certificate");
    reason = "is no certificate in PEM";
  }
  CHECK_THROWS_WITH(bulk::check_credentials(mine), Contains(reason));
}

SCENARIO("nobody listens where its certificate is not of",
         "[actors][bulk][certificates]") {
  const cluster_certificates made;
  CHECK_NOTHROW(bulk::check_listening(made.first(), "127.0.0.3"));
  CHECK_THROWS_WITH(bulk::check_listening(made.first(), "127.0.0.9"),
                    Contains("is not of the address"));
  CHECK_THROWS_WITH(bulk::check_listening(made.first(), "0.0.0.0"),
                    Contains("every address"));
  CHECK_THROWS_WITH(bulk::check_listening(made.first(), "host"),
                    Contains("no numeric address"));
  const scratch_folder run;
  bulk::make_run_credentials(run.path());
  const auto local = bulk::credentials_of_run(run.path(), bulk::role::node);
  CHECK_NOTHROW(bulk::check_listening(local, "127.0.0.1"));
  CHECK_THROWS_WITH(bulk::check_listening(local, "10.0.0.1"),
                    Contains("certificates of a cluster"));
}
