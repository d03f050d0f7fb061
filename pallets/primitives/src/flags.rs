//! Sets of reasons.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound};
use scale_info::TypeInfo;

/// One of at most eight flags.
pub trait Flag: Copy {
	/// Its place in a set, from 0 to 7. Law: no two flags have the same.
	fn place(self) -> u8;
}

/// A set of flags, of one byte: the reasons for which something stands. Law: it contains a flag from its insertion
/// to its removal, whatever is done with others.
#[derive(
	CloneNoBound,
	DebugNoBound,
	Decode,
	DecodeWithMemTracking,
	DefaultNoBound,
	Encode,
	EqNoBound,
	MaxEncodedLen,
	PartialEqNoBound,
	TypeInfo,
)]
#[scale_info(skip_type_params(F))]
pub struct FlagSet<F> {
	/// For every flag that it contains, the bit at its place.
	bits: u8,
	#[codec(skip)]
	flags: PhantomData<F>,
}

impl<F> Copy for FlagSet<F> {}

impl<F: Flag> FlagSet<F> {
	fn bit(flag: F) -> u8 {
		1u8.checked_shl(flag.place().into()).unwrap_or_default()
	}

	/// Whether it contains a flag.
	pub fn contains(&self, flag: F) -> bool {
		self.bits & Self::bit(flag) != 0
	}

	/// Whether it contains none.
	pub fn is_empty(&self) -> bool {
		self.bits == 0
	}

	/// Put a flag into it; says whether that is new.
	pub fn insert(&mut self, flag: F) -> bool {
		let is_new = !self.contains(flag);
		self.bits |= Self::bit(flag);
		is_new
	}

	/// Take a flag out of it; says whether it was there.
	pub fn remove(&mut self, flag: F) -> bool {
		let was_there = self.contains(flag);
		self.bits &= !Self::bit(flag);
		was_there
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use std::collections::BTreeSet;

	impl Flag for u8 {
		fn place(self) -> u8 {
			self
		}
	}

	proptest! {
		#[test]
		fn a_set_contains_what_was_put_into_it_and_not_taken_out(steps in proptest::collection::vec((0..8u8, any::<bool>()), 0..40)) {
			let (mut set, mut expected) = (FlagSet::default(), BTreeSet::new());
			for (flag, is_put) in steps {
				let (changed, should) = match is_put {
					true => (set.insert(flag), expected.insert(flag)),
					false => (set.remove(flag), expected.remove(&flag)),
				};
				prop_assert_eq!(changed, should);
				prop_assert_eq!(set.is_empty(), expected.is_empty());
				prop_assert!((0..8).all(|flag| set.contains(flag) == expected.contains(&flag)));
			}
		}
	}

	#[test]
	fn a_set_is_one_byte() {
		assert_eq!((FlagSet::<u8>::default().encode(), FlagSet::<u8>::max_encoded_len()), (vec![0], 1));
	}
}
