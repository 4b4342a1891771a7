#include "actors/bulk/tls_records.hpp"

#include "actors/bulk/security.hpp"
#include "tests/actors/bulk/aes_sources.hpp"
#include "tests/actors/bulk/octets.hpp"
#include "tests/support/cluster_certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>

using namespace souk;
using namespace souk::tests;

namespace {

/// OpenSSL at one end of a connection, in memory; the secrets that the other end has.
class openssl_peer {
public:
  openssl_peer() {
    const cluster_certificates certificates;
    auto mine = certificates.first();
    auto others = certificates.second();
    mine.addresses_are_checked = others.addresses_are_checked = false; // no sockets
    const bulk::tls_context here{mine, bulk::conversation::bulk};
    const bulk::tls_context there{others, bulk::conversation::bulk};
    const auto own = here.begin(-1, &secrets);
    peer_ = there.begin(-1);
    for (auto* one : {arrived_, sent_})
      BIO_up_ref(one);
    SSL_set_bio(own.get(), sent_, arrived_);
    SSL_set_bio(peer_.get(), arrived_, sent_);
    SSL_set_connect_state(own.get());
    SSL_set_accept_state(peer_.get());
    auto done = 0;
    for (auto turn = 0; turn < 5 && done < 2; ++turn)
      done = std::max(0, SSL_do_handshake(own.get()))
             + std::max(0, SSL_do_handshake(peer_.get()));
    REQUIRE(done == 2);
    CHECK(SSL_get_cipher_name(own.get()) == std::string{"TLS_AES_128_GCM_SHA256"});
  }

  /// What OpenSSL makes of a text, and whatever it wants to say besides.
  octets records_of(const octets& text) {
    std::size_t count = 0;
    if (!text.empty())
      REQUIRE(SSL_write_ex(peer_.get(), text.data(), text.size(), &count) == 1);
    octets bytes(BIO_ctrl_pending(sent_));
    if (!bytes.empty())
      BIO_read(sent_, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }

  /// What OpenSSL reads of these records.
  octets read(const octets& records) {
    BIO_write(arrived_, records.data(), static_cast<int>(records.size()));
    octets text(records.size() + 1);
    std::size_t all = 0;
    std::size_t count = 0;
    while (SSL_read_ex(peer_.get(), text.data() + all, text.size() - all, &count) == 1)
      all += count;
    ERR_clear_error();
    text.resize(all);
    return text;
  }

  SSL* ssl() {
    return peer_.get();
  }

  bulk::traffic_secrets secrets;

private:
  bulk::tls_pointer peer_;
  BIO* arrived_ = BIO_new(BIO_s_mem());
  BIO* sent_ = BIO_new(BIO_s_mem());
};

octets record_of(bulk::record_writer& writer, const octets& text) {
  octets record(text.size() + bulk::record_overhead);
  record.resize(writer.write({{text.data(), text.size()}}, record.data()));
  return record;
}

octets& operator+=(octets& all, const octets& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// All that a reader has, in one piece.
octets read_all(bulk::record_reader& reader) {
  octets text(1'000'000);
  text.resize(reader.read(text));
  return text;
}

/// What reads what OpenSSL has sent so far.
bulk::record_reader reader_of(openssl_peer& peer, const octets& arrived) {
  return bulk::record_reader{*peer.secrets.of_server, arrived};
}

/// Makes records that souk's writer never makes, and not even OpenSSL.
class forger {
public:
  explicit forger(const bulk::traffic_secret& secret)
    : keys_{secret, bulk::aes_gcm::way::encrypt, bulk::fastest_aes()} {
    // nop
  }

  /// Encrypts content, its type and perhaps padding.
  octets record_of(octets inner) {
    const auto bytes = inner.size() + bulk::aes_gcm::tag_bytes;
    octets record{23, 3, 3, static_cast<std::uint8_t>(bytes >> 8U),
                  static_cast<std::uint8_t>(bytes)};
    keys_.begin(record);
    octets tag(bulk::aes_gcm::tag_bytes);
    keys_.cipher().process(inner.data(), inner.data(), inner.size());
    REQUIRE(keys_.cipher().finish(tag.data()));
    record += inner;
    record += tag;
    return record;
  }

  octets records_of(const octets& inner, int count) {
    octets all;
    for (auto i = 0; i < count; ++i)
      all += record_of(inner);
    return all;
  }

  void renew() {
    keys_.renew();
  }

private:
  bulk::record_keys keys_;
};

const octets data_without_content{23};
const octets new_keys{24, 0, 0, 1, 0, 22};

} // namespace

SCENARIO("OpenSSL reads records that are made of pieces", "[actors][bulk][tls]") {
  for (const auto source : aes_sources()) {
    openssl_peer peer;
    bulk::record_writer writer{*peer.secrets.of_client, source};
    draws from{11};
    auto differing = 0;
    for (auto round = 0; round < 100; ++round) {
      octets text;
      std::vector<octets> parts;
      for (auto part = from.below(5) + 1; part > 0; --part)
        text += parts.emplace_back(from.some(from.below(round % 10 == 0 ? 3000 : 50)));
      std::vector<bulk::encoding::piece> pieces;
      for (const auto& part : parts)
        pieces.emplace_back(part.data(), part.size());
      octets record(text.size() + bulk::record_overhead);
      CHECK(writer.write(pieces, record.data()) == record.size());
      differing += peer.read(record) == text ? 0 : 1;
    }
    CHECK(differing == 0);
    const auto longest = from.some(bulk::record_content_max);
    CHECK(peer.read(record_of(writer, longest)) == longest);
  }
}

SCENARIO("what OpenSSL sends is read however it arrives", "[actors][bulk][tls]") {
  for (const auto source : aes_sources()) {
    openssl_peer peer;
    draws from{12};
    octets text;
    octets records;
    for (auto message = 0; message < 60; ++message) {
      // Some of them padded, some with new keys.
      SSL_set_block_padding(peer.ssl(), message % 7 == 0 ? 512 : 0);
      if (message % 20 == 10)
        REQUIRE(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
      const auto more = from.some(1 + from.below(message % 5 == 0 ? 40'000 : 200));
      text += more;
      records += peer.records_of(more);
    }
    // A part came with the end of the handshake.
    std::size_t sent = from.below(1000);
    bulk::record_reader reader{*peer.secrets.of_server,
                               core::span<const std::uint8_t>{records.data(), sent},
                               source};
    octets came;
    while (sent < records.size() && !reader.has_ended()) {
      const auto room = reader.room();
      const auto bytes = std::min({room.size(), records.size() - sent,
                                   1 + from.below(from.below(3) == 0 ? 60'000 : 30)});
      std::copy_n(records.data() + sent, bytes, room.data());
      reader.note_arrival(bytes);
      sent += bytes;
      octets part(1 + from.below(from.below(3) == 0 ? 60'000 : 100));
      auto read = part.size();
      while (read == part.size()) {
        read = reader.read(part);
        came.insert(came.end(), part.begin(),
                    part.begin() + static_cast<std::ptrdiff_t>(read));
      }
    }
    CHECK_FALSE(reader.has_ended());
    CHECK(came == text);
  }
}

SCENARIO("keys that have served their time are renewed", "[actors][bulk][tls]") {
  openssl_peer peer;
  bulk::record_writer writer{*peer.secrets.of_client, bulk::fastest_aes(), 10};
  bulk::record_reader reader{*peer.secrets.of_client, {}};
  draws from{13};
  auto renewals = 0;
  for (auto record = 0; record < 35; ++record) {
    octets records(bulk::record_writer::key_update_bytes);
    const auto is_worn = writer.is_worn();
    records.resize(is_worn ? writer.renew(records.data()) : 0);
    renewals += is_worn ? 1 : 0;
    const auto text = from.some(100);
    records += record_of(writer, text);
    // Both OpenSSL and ours follow.
    CHECK(peer.read(records) == text);
    std::copy(records.begin(), records.end(), reader.room().begin());
    reader.note_arrival(records.size());
    CHECK(read_all(reader) == text);
  }
  CHECK(renewals == 3);
}

SCENARIO("a reader refuses what was not sent", "[actors][bulk][tls]") {
  openssl_peer peer;
  draws from{14};
  const auto text = from.some(300);
  auto first = peer.records_of(text);
  const auto second = peer.records_of(text);

  SECTION("whatever byte of a record was changed") {
    auto accepted = 0;
    for (auto& byte : first) {
      byte ^= 1U;
      auto reader = reader_of(peer, first);
      const auto came = read_all(reader);
      byte ^= 1U;
      accepted += came.empty() && reader.has_ended() ? 0 : 1;
      CHECK_FALSE(reader.refusal().empty());
    }
    CHECK(accepted == 0);
  }
  SECTION("a record twice") {
    first += octets{first};
    auto reader = reader_of(peer, first);
    CHECK(read_all(reader) == text);
    CHECK(reader.refusal() == "its records are not what was sent");
  }
  SECTION("a record too early") {
    auto reader = reader_of(peer, second);
    CHECK(read_all(reader).empty());
    CHECK(reader.refusal() == "its records are not what was sent");
  }
  SECTION("too long a record, before it is there") {
    auto reader = reader_of(peer, {23, 3, 3, 0x41, 0x01});
    CHECK(read_all(reader).empty());
    CHECK(reader.refusal() == "it sends something else than TLS's records");
  }
  SECTION("a record without room for its tag") {
    auto reader = reader_of(peer, {23, 3, 3, 0, 16});
    CHECK(read_all(reader).empty());
    CHECK(reader.refusal() == "it sends something else than TLS's records");
  }
  SECTION("text that is not encrypted") {
    auto reader = reader_of(peer, text);
    CHECK(read_all(reader).empty());
    CHECK(reader.refusal() == "it sends something else than TLS's records");
  }
  SECTION("what TLS says before it encrypts") {
    for (const auto& plain :
         {octets{20, 3, 3, 0, 1, 1}, octets{21, 3, 3, 0, 2, 2, 40}}) {
      auto reader = reader_of(peer, plain);
      CHECK(read_all(reader).empty());
      CHECK(reader.refusal() == "it sends something else than TLS's records");
    }
  }
}

SCENARIO("a reader refuses what souk never sends", "[actors][bulk][tls]") {
  openssl_peer peer;
  draws from{15};
  const auto text = from.some(300);
  octets all;
  for (auto record = 0; record < 10; ++record)
    all += peer.records_of(text);
  SECTION("a wish for new keys") {
    REQUIRE(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
  }
  SECTION("a ticket") {
    REQUIRE(SSL_new_session_ticket(peer.ssl()) == 1);
  }
  all += peer.records_of(text);
  auto reader = reader_of(peer, all);
  CHECK(read_all(reader).size() == 10 * text.size());
  CHECK(reader.refusal() == "it sends what souk does not expect after a handshake");
}

SCENARIO("a reader is not kept busy with nothing", "[actors][bulk][tls]") {
  const bulk::traffic_secret secret;
  forger other{secret};
  octets text{1, 2, 3};
  octets inner{text};
  inner.push_back(23);
  std::string refusal = "it sends what souk does not expect after a handshake";
  octets records;
  octets wanted;
  SECTION("a few records without content are none") {
    records = other.records_of(data_without_content, 32);
    records += other.record_of(inner);
    records += other.records_of(data_without_content, 32);
    wanted = text;
    refusal.clear();
  }
  SECTION("more are refused") {
    records = other.records_of(data_without_content, 33);
  }
  SECTION("new keys that were hardly used are, too") {
    records = other.records_of(inner, 7);
    records += other.record_of(new_keys);
    for (auto i = 0; i < 7; ++i)
      wanted += text;
  }
  SECTION("others are not") {
    records = other.records_of(inner, 8);
    records += other.record_of(new_keys);
    other.renew();
    records += other.record_of(inner);
    for (auto i = 0; i < 9; ++i)
      wanted += text;
    refusal.clear();
  }
  SECTION("nothing but padding is no record") {
    records = other.record_of(octets(20));
  }
  SECTION("nor is a message without content") {
    records = other.record_of({22});
  }
  SECTION("nor is one longer than allowed") {
    octets longest(bulk::record_content_max + 1, 7);
    longest.push_back(23);
    records = other.record_of(longest);
  }
  bulk::record_reader reader{secret, records};
  octets came(100);
  came.resize(reader.read(came));
  CHECK(came == wanted);
  CHECK(reader.refusal() == refusal);
  CHECK(reader.has_ended() == !refusal.empty());
}

SCENARIO("a reader knows why the other end closed the connection",
         "[actors][bulk][tls]") {
  openssl_peer peer;
  octets text{1, 2, 3};
  auto records = peer.records_of(text);
  SECTION("as one does") {
    SSL_shutdown(peer.ssl());
    records += peer.records_of({});
    auto reader = reader_of(peer, records);
    CHECK(read_all(reader) == text);
    CHECK(reader.has_ended());
    CHECK(reader.refusal().empty());
  }
  SECTION("since it does not know us") {
    // Alerts of TLS 1.3, as a handshake's end may bring them (RFC 8446, section 6).
    CHECK(bulk::words_of_alert(40)
          == "it refuses our certificate, which is of another role");
    CHECK_THAT(bulk::words_of_alert(116), Catch::Contains("certificate required"));
    CHECK(bulk::words_of_alert(45) == "it refuses our certificate, which has expired");
    CHECK(bulk::words_of_alert(48)
          == "it refuses our certificate, which is of another authority");
  }
  SECTION("since it read what was not sent") {
    bulk::record_writer writer{*peer.secrets.of_client};
    auto damaged = record_of(writer, text);
    damaged.back() ^= 1U;
    CHECK(peer.read(damaged).empty());
    records += peer.records_of({});
    auto reader = reader_of(peer, records);
    CHECK(read_all(reader) == text);
    CHECK_THAT(reader.refusal(), Catch::StartsWith("it closed the connection: ")
                                   && Catch::Contains("bad record mac"));
  }
}
