#pragma once

#include "data/formats/source.hpp"

#include <string>

/// One function per format. Each reads events first and then what describes the users
/// and items that occurred in them.
namespace souk::data::formats {

/// RecBole's atomic files: tab-separated `name.inter`, with `name.user` and
/// `name.item` beside it where they exist. Headers carry types (token, token_seq,
/// float, float_seq). Tokens become categories, but numbers where they are years or
/// ages and texts where they are zip codes; sequences become lists of categories, but
/// texts where their name says title, name or description.
void read_atomic(source_import& import);

/// MovieLens in its three layouts, told apart by content: `ratings.dat` (::), `u.data`
/// (tabs), `ratings.csv` (by column names), with users and films beside it
/// (`users.dat`, `u.user`, `movies.dat`, `u.item`, `movies.csv`). Without `movies.csv`,
/// columns title, year and genres of `ratings.csv` describe the films.
void read_movielens(source_import& import);

/// RetailRocket's `events.csv`: view, addtocart, transaction.
void read_retailrocket(source_import& import);

/// UCI Online Retail as CSV. Invoices that begin with C become returns. Dropped, by
/// reason: rows without a customer, codes that are no products (not five digits with
/// letters behind them), quantities and prices that are not positive.
void read_online_retail(source_import& import);

/// Session clicks as in YooChoose: session, time, item, category without a header and
/// with commas; or with a header (SessionId, ItemId, Time, Category) and any delimiter.
/// A session counts as a user.
void read_sessions(source_import& import);

/// Any delimited file, by the columns that the options name.
void read_csv(source_import& import);

/// A folder that comes split (Liang et al., WWW 2018): train.csv, validation and test
/// in fold-in (_tr) and held-out (_te) parts, `uid,sid` counting lines of
/// unique_uid.txt and unique_sid.txt, where the original ids stand.
void read_given_split(source_import& import);

/// Reads what describes users and films from a MovieLens folder; false if it has no
/// such file.
bool read_movielens_attributes(source_import& import, const std::string& folder);

/// Reads every `.user` and `.item` file of a folder; false if it has none.
bool read_atomic_attributes(source_import& import, const std::string& folder);

/// Reads descriptions and countries from an Online Retail file or its folder; false if
/// it is none.
bool read_online_retail_attributes(source_import& import, const std::string& path);

} // namespace souk::data::formats
