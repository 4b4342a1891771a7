#include "importing.hpp"

#include <cmath>

using namespace souk;
using test::import_from;
using test::pairs_in;
using test::word_of;
using test::words_of;
using tests::scratch_folder;

using core::event_kind;
using strings = std::vector<std::string>;

TEST_CASE("RecBole's atomic files bring events, users and items", "[data][formats]") {
  const scratch_folder folder;
  folder.write("toy.inter",
               "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
               "u1\tb\t4\t100\nu1\ta\t5\t50\nu2\ta\t1\t70.5\n");
  folder.write("toy.user", "user_id:token\tage:token\tgender:token\n"
                           "u2\t33\tM\nu9\t10\tF\nu1\t\tF\n");
  folder.write("toy.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\t"
                           "release_year:token\na\tToy Story\tComedy Drama\t1995\n");
  const auto [dataset, report] = import_from("atomic", folder.path());
  CHECK(pairs_in(dataset) == strings{"u1 a", "u1 b", "u2 a"});
  CHECK(dataset.item_names == strings{"b", "a"});
  CHECK(dataset.has_times);
  CHECK(dataset.events[2].time == 70500);
  CHECK(dataset.events[2].kind == event_kind::rating);
  CHECK(dataset.events[0].value == 5);
  CHECK(word_of(dataset.user_attributes, "gender", 0) == "F");
  CHECK(dataset.user_attributes.find("age")->numbers[1] == 33);
  CHECK(std::isnan(dataset.user_attributes.find("age")->numbers[0]));
  CHECK(dataset.item_attributes.find("movie_title")->texts == strings{"", "Toy Story"});
  CHECK(words_of(dataset.item_attributes, "class", 1) == "Comedy,Drama");
  CHECK(dataset.item_attributes.find("release_year")->numbers[1] == 1995);
  CHECK(report.attribute_rows_read == 4);
  CHECK(report.attribute_rows_unused == 1);
}

TEST_CASE("MovieLens-1M's layout is read with users and films", "[data][formats]") {
  const scratch_folder folder;
  folder.write("ratings.dat", "1::10::5::978300760\n2::20::3::978300761\n");
  folder.write("users.dat", "1::F::1::10::48067\n2::M::56::16::70072\n");
  folder.write("movies.dat",
               "10::Mis\xE9rables, Les (1995)::Drama|Musical\n20::Toy Story::Comedy\n");
  const auto dataset = import_from("movielens", folder.path()).dataset;
  CHECK(pairs_in(dataset) == strings{"1 10", "2 20"});
  CHECK(dataset.events[0].time == 978300760000);
  CHECK(word_of(dataset.user_attributes, "age", 0) == "under 18");
  CHECK(word_of(dataset.user_attributes, "gender", 1) == "M");
  CHECK(word_of(dataset.user_attributes, "occupation", 0) == "K-12 student");
  CHECK(dataset.item_attributes.find("title")->texts
        == strings{"Mis\xC3\xA9rables, Les", "Toy Story"});
  CHECK(dataset.item_attributes.find("year")->numbers[0] == 1995);
  CHECK(std::isnan(dataset.item_attributes.find("year")->numbers[1]));
  CHECK(words_of(dataset.item_attributes, "genres", 0) == "Drama,Musical");
}

TEST_CASE("MovieLens-100K's layout is read with users and films", "[data][formats]") {
  const scratch_folder folder;
  folder.write("u.data", "196\t242\t3\t881250949\n");
  folder.write("u.user", "196|49|M|writer|55105\n");
  folder.write("u.item", "242|Kolya (1996)|24-Jan-1997||http://x|0|0|0|0|0|1|0|0|0|0|0|"
                         "0|0|0|0|0|0|0|1\n");
  const auto dataset = import_from("movielens", folder.path()).dataset;
  CHECK(pairs_in(dataset) == strings{"196 242"});
  CHECK(dataset.user_attributes.find("age")->numbers[0] == 49);
  CHECK(word_of(dataset.user_attributes, "occupation", 0) == "writer");
  CHECK(words_of(dataset.item_attributes, "genres", 0) == "Comedy,Western");
  CHECK(dataset.item_attributes.find("title")->texts == strings{"Kolya"});
}

TEST_CASE("MovieLens as CSV is read by column names, films from movies.csv",
          "[data][formats]") {
  const scratch_folder folder;
  folder.write("ratings.csv",
               "userId,movieId,rating,timestamp\r\n1,31,2.5,1260759144\r\n");
  folder.write("movies.csv", "movieId,title,genres\r\n"
                             "31,\"American President, The (1995)\",Drama|Romance\r\n");
  const auto dataset = import_from("movielens", folder.path()).dataset;
  CHECK(dataset.events[0].value == 2.5F);
  CHECK(dataset.item_attributes.find("title")->texts
        == strings{"American President, The"});
  CHECK(words_of(dataset.item_attributes, "genres", 0) == "Drama,Romance");
}

TEST_CASE("MovieLens as R writes it has the films in the ratings", "[data][formats]") {
  const scratch_folder folder;
  const auto path = folder.write(
    "ratings.csv",
    "\"movieId\",\"title\",\"year\",\"genres\",\"userId\",\"rating\",\"timestamp\"\n"
    "31,\"Dangerous Minds\",1995,\"Drama\",1,2.5,1260759144\n"
    "40697,\"Babylon \"\"5\"\"\",NA,\"(no genres listed)\",1,4,1e+09\n");
  const auto dataset = import_from("movielens", path).dataset;
  CHECK(pairs_in(dataset) == strings{"1 40697", "1 31"});
  CHECK(dataset.events[0].time == 1000000000000);
  CHECK(dataset.item_attributes.find("title")->texts
        == strings{"Dangerous Minds", "Babylon \"5\""});
  CHECK(dataset.item_attributes.find("year")->numbers[0] == 1995);
  CHECK(std::isnan(dataset.item_attributes.find("year")->numbers[1]));
  CHECK(words_of(dataset.item_attributes, "genres", 1).empty());
}

TEST_CASE("RetailRocket's views, carts and transactions become events",
          "[data][formats]") {
  const scratch_folder folder;
  const auto path =
    folder.write("events.csv", "timestamp,visitorid,event,itemid,transactionid\n"
                               "1433221332117,257597,view,355908,\n"
                               "1433221332118,257597,addtocart,355908,\n"
                               "1433221332119,257597,transaction,355908,17\n");
  const auto dataset = import_from("retailrocket", path).dataset;
  REQUIRE(dataset.events.size() == 3);
  CHECK(dataset.events[0].kind == event_kind::click);
  CHECK(dataset.events[1].kind == event_kind::cart);
  CHECK(dataset.events[2].kind == event_kind::purchase);
  CHECK(dataset.events[2].time == 1433221332119);
}

TEST_CASE("Online Retail's cancellations become returns and every drop has a reason",
          "[data][formats]") {
  const scratch_folder folder;
  const auto path = folder.write(
    "retail.csv",
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
    "Country\n"
    "536365,85123A,\"HEART, WHITE\",6,2010-12-01 08:26:00,2.55,17850.0,France\n"
    "C536379,85123A,,-2,2010-12-01 09:41:00,2.55,17850.0,France\n"
    "536366,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850.0,France\n"
    "536367,71053,LANTERN,1,12/1/2010 8:26,3.0,,France\n"
    "536368,71053,LANTERN,-1,12/1/2010 8:26,3.0,17850,France\n"
    "536369,71053,LANTERN,1,12/1/2010 8:26,0.0,17850,France\n"
    "C53637,71053,LANTERN,1,12/1/2010 8:26,1.0,17850,France\n");
  const auto [dataset, report] = import_from("online_retail", path);
  REQUIRE(dataset.events.size() == 2);
  CHECK(dataset.user_names == strings{"17850"});
  CHECK(dataset.events[0].kind == event_kind::purchase);
  CHECK(dataset.events[0].value == 6);
  CHECK(dataset.events[0].price == 2.55F);
  CHECK(dataset.events[0].time == 1291191960000);
  CHECK(dataset.events[1].kind == event_kind::product_return);
  CHECK(dataset.events[1].value == 2);
  CHECK(word_of(dataset.user_attributes, "country", 0) == "France");
  CHECK(dataset.item_attributes.find("description")->texts == strings{"HEART, WHITE"});
  CHECK(report.rows_read == 7);
  for (const auto* reason : {"no product", "no customer", "quantity not positive",
                             "price not positive", "cancels nothing"})
    CHECK(report.rows_dropped.at(reason) == 1);
  CHECK(report.adds_up());
}

TEST_CASE("session clicks are read with and without a header", "[data][formats]") {
  const scratch_folder folder;
  const auto raw =
    import_from("sessions", folder.write("yoochoose-clicks.dat",
                                         "1,2014-04-07T10:51:09.277Z,214536502,0\n"
                                         "1,2014-04-07T10:54:09.868Z,214536500,7\n"));
  const auto prepared = import_from(
    "sessions", folder.write("clicks.txt", "SessionId\tItemId\tTime\n"
                                           "1\t214536502\t1396867869.277\n"
                                           "1\t214536500\t1396868049.868\n"));
  CHECK(pairs_in(raw.dataset) == strings{"1 214536502", "1 214536500"});
  CHECK(pairs_in(prepared.dataset) == pairs_in(raw.dataset));
  CHECK(raw.dataset.events[1].time == prepared.dataset.events[1].time);
  CHECK(raw.dataset.events[0].kind == event_kind::click);
  CHECK(word_of(raw.dataset.item_attributes, "category", 0).empty());
  CHECK(word_of(raw.dataset.item_attributes, "category", 1) == "7");
}

TEST_CASE("any delimited file is read by a map of its columns", "[data][formats]") {
  const scratch_folder folder;
  data::source_options source;
  source.kind = "csv";
  source.columns = {"who", "What", "when", "units", "did", "cost", ";", true};
  source.time_format = "day_month_year";
  core::silent_progress silent;
  SECTION("with a header") {
    source.path = folder.write("x.csv", "when;did;who;what;units;cost\n"
                                        "31/12/2020 10:00;buy;\xC3\xA9va;x;3;9.5\n"
                                        "31/12/2020;return;\xE9va;x;1;9.5\n");
  }
  SECTION("without one, by number") {
    source.columns = {"3", "4", "1", "5", "2", "6", "\\t", false};
    source.path = folder.write("x.tsv", "31/12/2020 10:00\tbuy\t\xC3\xA9va\tx\t3\t9.5\n"
                                        "31/12/2020\treturn\t\xE9va\tx\t1\t9.5\n");
  }
  const auto dataset =
    data::import_source(source, test::keep_everything(), {}, "", silent).dataset;
  REQUIRE(dataset.events.size() == 2);
  CHECK(dataset.user_names == strings{"\xC3\xA9va"});
  CHECK(dataset.events[0].kind == event_kind::product_return);
  CHECK(dataset.events[1].kind == event_kind::purchase);
  CHECK(dataset.events[1].time == 1609408800000);
  CHECK(dataset.events[1].value == 3);
  CHECK(dataset.events[1].price == 9.5F);
}

TEST_CASE("a source that comes split keeps its parts and original ids",
          "[data][formats]") {
  const scratch_folder folder;
  folder.write("unique_uid.txt", "7\n3\n5\n");
  folder.write("unique_sid.txt", "b\na\n");
  folder.write("train.csv", "uid,sid\n1,0\n1,1\n");
  folder.write("valid_tr.csv", "uid,sid\n0,1\n");
  folder.write("valid_te.csv", "uid,sid\n0,0\n");
  folder.write("test_tr.csv", "uid,sid\n2,0\n");
  folder.write("test_te.csv", "uid,sid\n2,1\n");
  // Cleaning would drop everybody here; a given split is what it is.
  const auto dataset =
    import_from("given_split", folder.path(), data::clean_options{}).dataset;
  CHECK(pairs_in(dataset) == strings{"7 a", "7 b", "3 b", "3 a", "5 b", "5 a"});
  CHECK(dataset.roles
        == std::vector<core::split_role>{
          core::split_role::validation_fold_in, core::split_role::validation_held_out,
          core::split_role::training, core::split_role::training,
          core::split_role::test_fold_in, core::split_role::test_held_out});
  CHECK_FALSE(dataset.has_times);
  const auto shifted = [&] {
    folder.write("unique_sid.txt", "b\n\na\n");
    import_from("given_split", folder.path());
  };
  CHECK(test::error_of(shifted).find("unique_sid.txt:3: an id is empty")
        != std::string::npos);
  const auto incomplete = [&] {
    std::filesystem::remove(folder / "test_te.csv");
    folder.write("unique_sid.txt", "b\na\n");
    import_from("given_split", folder.path());
  };
  CHECK(test::error_of(incomplete).find("the folder has no test_te.csv")
        != std::string::npos);
}
