#include "actors/bulk/frames.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::actors::bulk;

TEST_CASE("frames survive the wire", "[actors][bulk]") {
  const secret_token secret{1, 2, 3};
  const auto words =
    decode_hello(encode(hello{secret, bulk_way::shared_memory}), secret);
  REQUIRE(words);
  CHECK(words->way == bulk_way::shared_memory);

  request wish;
  wish.kind = request_kind::give_back;
  wish.number = 11;
  wish.ticket = {1, 2, 3, 4, 5, 6, 7, 8, core::tensor_kind::second_moments};
  const auto read = decode_request(encode(wish));
  REQUIRE(read);
  CHECK(read->kind == wish.kind);
  CHECK(read->number == 11);
  CHECK(core::same_bytes(read->ticket, wish.ticket));

  const auto answer =
    decode_reply(encode(reply{reply_status::new_segment, 12, 13, 14}));
  REQUIRE(answer);
  CHECK(answer->status == reply_status::new_segment);
  CHECK(answer->number == 12);
  CHECK(answer->length == 13);
  CHECK(answer->segment == 14);
}

TEST_CASE("frames with another beginning are refused", "[actors][bulk]") {
  const secret_token secret{};
  for (std::size_t i = 0; i < 7; ++i) {
    auto wish = encode(request{});
    wish[i] ^= 0x80U;
    CHECK_FALSE(decode_request(wish));
    auto answer = encode(reply{});
    answer[i] ^= 0x80U;
    CHECK_FALSE(decode_reply(answer));
    auto words = encode(hello{secret, bulk_way::stream});
    words[secret.size() + i] ^= 0x80U;
    CHECK_FALSE(decode_hello(words, secret));
  }
  for (std::size_t i = 0; i < secret.size(); ++i) {
    auto words = encode(hello{secret, bulk_way::stream});
    words[i] ^= 1U;
    CHECK_FALSE(decode_hello(words, secret));
  }
}
