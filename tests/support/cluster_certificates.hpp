#pragma once

#include "actors/bulk/certificates.hpp"
#include "tests/support/scratch_folder.hpp"

#include <string>

namespace souk::tests {

/// A development authority with a coordinator at 127.0.0.2 and nodes "first" at
/// 127.0.0.3 and "second" at 127.0.0.4, all of this machine.
struct cluster_certificates {
  cluster_certificates() {
    namespace bulk = actors::bulk;
    bulk::make_cluster_certificates(
      folder(),
      {{"coordinator", bulk::role::coordinator, {"127.0.0.2"}},
       {"first", bulk::role::node, {"127.0.0.3"}},
       {"second", bulk::role::node, {"127.0.0.4"}}},
      30);
  }

  std::string folder() const {
    return scratch / "certificates";
  }

  actors::bulk::credentials coordinator() const {
    return actors::bulk::credentials_of_cluster(
      folder() + "/coordinator", actors::bulk::role::coordinator, "127.0.0.2");
  }

  actors::bulk::credentials first() const {
    return actors::bulk::credentials_of_cluster(folder() + "/first",
                                                actors::bulk::role::node, "127.0.0.3");
  }

  actors::bulk::credentials second() const {
    return actors::bulk::credentials_of_cluster(folder() + "/second",
                                                actors::bulk::role::node, "127.0.0.4");
  }

  scratch_folder scratch;
};

} // namespace souk::tests
