#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>

namespace souk::actors::bulk {

/// Bounds how many are inside at the same time: when one more comes, the one that has
/// been inside longest is sent away. Used by one thread.
class waiting_room {
  struct place {
    std::function<void()> send_away;
  };

  using places = std::list<place>;

public:
  /// Being inside; ends with this object.
  class seat {
  public:
    seat() = default;

    seat(std::weak_ptr<places> room, places::iterator where)
      : room_{std::move(room)}, where_{where} {
      // nop
    }

    seat(seat&& other) noexcept : room_{std::move(other.room_)}, where_{other.where_} {
      other.room_.reset();
    }

    seat& operator=(seat&& other) noexcept {
      leave();
      room_ = std::move(other.room_);
      where_ = other.where_;
      other.room_.reset();
      return *this;
    }

    ~seat() {
      leave();
    }

    void leave() {
      if (const auto room = room_.lock())
        room->erase(where_);
      room_.reset();
    }

  private:
    std::weak_ptr<places> room_;
    places::iterator where_;
  };

  explicit waiting_room(std::size_t seats) : seats_{seats} {
    // nop
  }

  /// Goes inside. `send_away` ends what is done there, and leaves the seat at once.
  seat enter(std::function<void()> send_away) {
    while (inside_->size() >= seats_) {
      const auto end = inside_->front().send_away; // which is erased meanwhile
      end();
    }
    return {inside_, inside_->insert(inside_->end(), {std::move(send_away)})};
  }

  std::size_t size() const {
    return inside_->size();
  }

private:
  const std::size_t seats_;
  std::shared_ptr<places> inside_ = std::make_shared<places>();
};

} // namespace souk::actors::bulk
