#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace finview::internal {

/// Throws Error{kBadInput} with the place of the fault.
nlohmann::ordered_json parse_json(std::string_view text, const std::string& source);

/// One file of JSON. Throws Error{kBadInput} where a name is not UTF-8, which JSON cannot hold.
std::string json_file(const nlohmann::ordered_json& root);

/// The member `key` of an object as text: strings as they are, numbers and truth values as JSON
/// writes them; empty where there is none.
std::string json_text(const nlohmann::ordered_json& object, const char* key);

/// The member `key` of an object, if it is a finite number; else `fallback`.
double json_number(const nlohmann::ordered_json& object, const char* key, double fallback);

/// Every member of an object as text, for attributes; nothing for other values.
std::map<std::string, std::string> json_attributes(const nlohmann::ordered_json& object);

/// A photo's name with '/' also where Windows wrote '\'.
std::string with_slashes(std::string name);

/// Takes the first of `keys` that says something out of `attributes`.
std::string take_attribute(std::map<std::string, std::string>& attributes,
                           std::initializer_list<const char*> keys);

}  // namespace finview::internal
