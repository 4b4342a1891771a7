#include "actors/bulk/certificates.hpp"

#include "actors/bulk/x509.hpp"
#include "core/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>

namespace souk::actors::bulk {

namespace {

namespace fs = std::filesystem;

constexpr long run_days = 30;
constexpr std::size_t name_size_max = 64;

/// The authority that signs.
struct authority {
  key_pointer key;
  certificate_pointer certificate;
};

/// A folder under a temporary name: it appears whole, or not at all.
class new_folder {
public:
  explicit new_folder(const std::string& path)
    : path_{path}, temporary_{path + ".being-made"} {
    std::error_code ignored; // left by somebody who was killed
    fs::remove_all(temporary_, ignored);
    make_private_folder(temporary_);
  }

  new_folder(const new_folder&) = delete;
  new_folder& operator=(const new_folder&) = delete;

  ~new_folder() {
    std::error_code ignored;
    fs::remove_all(temporary_, ignored);
  }

  const std::string& path() const {
    return temporary_;
  }

  void keep() {
    std::error_code failed;
    fs::rename(temporary_, path_, failed);
    if (failed)
      throw core::error{"cannot make the folder (" + failed.message() + ')', path_,
                        "check its parent's permissions"};
  }

private:
  std::string path_;
  std::string temporary_;
};

/// Refuses names that could leave the folder or be taken for the authority's.
void check_name(const std::string& name) {
  const auto is_plain = [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '.';
  };
  if (name.empty() || name.size() > name_size_max || name.front() == '.'
      || name.find("authority") == 0
      || !std::all_of(name.begin(), name.end(), is_plain))
    throw core::error::request("is no name for a host", '"' + name + '"',
                               "use up to 64 letters, digits, '-', '_' and '.'");
}

void check_hosts(const std::vector<host_certificate>& hosts, long days) {
  std::set<std::string> names;
  for (const auto& host : hosts) {
    check_name(host.name);
    if (!names.insert(host.name).second)
      throw core::error::request("is named twice", host.name,
                                 "list all addresses of a host together");
    if (host.addresses.empty())
      throw core::error::request("has no address", host.name, "add one");
    for (const auto& address : host.addresses) {
      boost::system::error_code wrong;
      const auto parsed = boost::asio::ip::make_address(address, wrong);
      if (wrong || parsed.is_unspecified() || address.find('%') != std::string::npos)
        throw core::error::request('"' + address + "\" is no numeric address",
                                   host.name, "write 10.0.0.7, or fd00::7");
    }
  }
  if (days < 1 || days > days_max)
    throw core::error::request(std::to_string(days) + " days", "--days",
                               "choose from 1 to " + std::to_string(days_max));
}

authority make_authority() {
  authority made;
  made.key = make_key();
  certificate_request wish;
  wish.name = "souk development authority";
  wish.is_authority = true;
  wish.days = days_max;
  made.certificate = make_certificate(wish, made.key.get(), nullptr, nullptr);
  return made;
}

void write_host(const std::string& folder,
                const host_certificate& host,
                const authority& signer,
                long days) {
  const auto key = make_key();
  certificate_request wish;
  wish.name = host.name;
  (host.what == role::coordinator ? wish.roles.coordinator : wish.roles.node) = true;
  wish.addresses = host.addresses;
  wish.days = days;
  const auto certificate =
    make_certificate(wish, key.get(), signer.certificate.get(), signer.key.get());
  write_certificate(folder + "/authority.pem", signer.certificate.get());
  write_certificate(folder + "/certificate.pem", certificate.get());
  write_key(folder + "/key.pem", key.get());
}

} // namespace

void make_run_credentials(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed)
    fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed)
    throw core::error{"cannot make the folder (" + failed.message() + ")", folder,
                      "check its parent's permissions"};
  const auto mine = credentials_of_run(folder, role::coordinator);
  for (const auto& old : {mine.certificate, mine.key, mine.secret})
    fs::remove(old, failed);
  certificate_request wish;
  wish.name = "souk run";
  wish.roles = {true, true};
  wish.days = run_days;
  const auto key = make_key();
  write_key(mine.key, key.get());
  write_certificate(mine.certificate,
                    make_certificate(wish, key.get(), nullptr, nullptr).get());
  std::array<unsigned char, 32> secret{};
  core::expects(RAND_bytes(secret.data(), secret.size()) == 1,
                "OpenSSL draws random bytes");
  write_private(mine.secret, {secret.begin(), secret.end()});
  check_credentials(mine);
}

void make_cluster_certificates(const std::string& folder,
                               const std::vector<host_certificate>& hosts,
                               long days) {
  check_hosts(hosts, days);
  if (fs::exists(folder))
    throw core::error::request(
      "is there already, and certificates are never overwritten", folder,
      "name another folder; to add nodes leave --coordinator out");
  std::error_code failed;
  const auto parent = fs::absolute(folder).lexically_normal().parent_path();
  fs::create_directories(parent, failed);
  new_folder made{folder};
  const auto signer = make_authority();
  write_certificate(made.path() + "/authority.pem", signer.certificate.get());
  write_key(made.path() + "/authority-key.pem", signer.key.get());
  for (const auto& host : hosts) {
    make_private_folder(made.path() + '/' + host.name);
    write_host(made.path() + '/' + host.name, host, signer, days);
  }
  made.keep();
}

void add_cluster_certificates(const std::string& folder,
                              const std::vector<host_certificate>& hosts,
                              long days) {
  check_hosts(hosts, days);
  if (!fs::exists(folder + "/authority-key.pem"))
    throw core::error::request("holds no authority", folder,
                               "make one: souk certificates DIR --coordinator ADDRESS "
                               "--node NAME=ADDRESS");
  const authority signer{read_key(folder + "/authority-key.pem"),
                         read_certificate(folder + "/authority.pem")};
  if (has_ended(signer.certificate.get()))
    throw core::error{"expired on " + end_of(signer.certificate.get()),
                      folder + "/authority.pem", "make another folder"};
  for (const auto& host : hosts)
    if (fs::exists(folder + '/' + host.name))
      throw core::error::request("is there already, and certificates are never "
                                 "overwritten",
                                 folder + '/' + host.name,
                                 "move it away, or choose another name");
  for (const auto& host : hosts) {
    new_folder made{folder + '/' + host.name};
    write_host(made.path(), host, signer, days);
    made.keep();
  }
}

} // namespace souk::actors::bulk
