#include "experiments/cluster_file.hpp"

#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

namespace {

const std::string head = "listen: 10.0.0.1:7400\ncertificates: .\n"; // two lines

std::string refused(const std::string& text) {
  const scratch_folder folder;
  const auto path = folder.write("nodes.yaml", text);
  return refusal_of([&] { read_cluster_file(path); });
}

} // namespace

TEST_CASE("a cluster's file says where nodes join and how many are awaited",
          "[experiments][cluster_file]") {
  const scratch_folder folder;
  const auto path = folder.write(
    "nodes.yaml", head + "nodes:\n  10.0.0.2: 2\n  \"fd00::3\": 1\nbegin_with: 2\n");
  const auto cluster = read_cluster_file(path);
  CHECK(to_string(cluster.listen) == "10.0.0.1:7400");
  CHECK(cluster.certificates == ".");
  REQUIRE(cluster.nodes.size() == 2);
  CHECK(cluster.nodes[0].address == "10.0.0.2");
  CHECK(cluster.nodes[0].slots == 2);
  CHECK(cluster.nodes[1].address == "fd00::3");
  CHECK(cluster.begin_with == 2);
}

TEST_CASE("all slots are awaited unless the file says otherwise",
          "[experiments][cluster_file]") {
  const scratch_folder folder;
  const auto path =
    folder.write("nodes.yaml", head + "nodes: {10.0.0.2: 2, 10.0.0.3: 3}\n");
  CHECK(read_cluster_file(path).begin_with == 5);
}

TEST_CASE("a wrong cluster's file is refused with its place",
          "[experiments][cluster_file]") {
  CHECK_THAT(refused(head), Contains("nodes") && Contains("is missing"));
  CHECK_THAT(refused(head + "nodes: {}\n"), Contains("3:8: nodes"));
  CHECK_THAT(refused(head + "nodes: {server.example: 1}\n"),
             Contains("3:8: nodes") && Contains("server.example")
               && Contains("numeric address"));
  CHECK_THAT(refused(head + "nodes: {10.0.0.2: 0}\n"), Contains("3:"));
  CHECK_THAT(refused(head + "nodes: {10.0.0.2: 1}\nbegin_with: 2\n"),
             Contains("4:13: begin_with") && Contains("more slots"));
  CHECK_THAT(refused(head + "nodes: {10.0.0.2: 1}\nslots: 2\n"),
             Contains("4:1: slots") && Contains("unknown key"));
  CHECK_THAT(refused("listen: localhost:7400\ncertificates: .\nnodes: {10.0.0.2: 1}\n"),
             Contains("1:9: listen") && Contains("10.0.0.1:7400"));
  CHECK_THAT(refused("listen: 10.0.0.1:0\ncertificates: .\nnodes: {10.0.0.2: 1}\n"),
             Contains("1:9: listen") && Contains("port"));
  CHECK_THAT(refused("listen: 10.0.0.1:65534\ncertificates: .\nnodes: {10.0.0.2: 1}\n"),
             Contains("1:9: listen") && Contains("two above"));
  CHECK_THAT(refused("listen: 10.0.0.1:7400\ncertificates: ./nowhere\n"
                     "nodes: {10.0.0.2: 1}\n"),
             Contains("2:15: certificates"));
}
