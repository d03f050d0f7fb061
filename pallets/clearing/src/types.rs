use codec::{Decode, Encode, MaxEncodedLen};
use hanse_primitives::Balance;
use scale_info::TypeInfo;

/// What an institution put into its reserve and took out of it, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Deposit {
	/// Moved in from the free balance.
	pub topped_up: Balance,
	/// Moved out to the free balance.
	pub drawn_down: Balance,
	/// Interchange paid to the pot.
	pub interchange: Balance,
}
