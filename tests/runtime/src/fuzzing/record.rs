//! How bytes say what is done: eight for each act, so that what a fuzzer changes in one changes no other.

use hanse_primitives::Balance;

/// The bytes of an act.
pub const LENGTH: usize = 8;

/// One act, undecoded.
#[derive(Clone, Copy, Debug)]
pub struct Record([u8; LENGTH]);

impl Record {
	/// All that `bytes` holds, but for what is left over.
	pub fn all(bytes: &[u8]) -> impl Iterator<Item = Self> + '_ {
		bytes.chunks_exact(LENGTH).filter_map(|chunk| chunk.try_into().ok()).map(Self)
	}

	/// Which act it is.
	pub fn kind(self) -> usize {
		self.0[0].into()
	}

	/// Who does it, by number.
	pub fn who(self) -> usize {
		self.0[1].into()
	}

	/// To whom or what, by number.
	pub fn to(self) -> usize {
		self.0[2].into()
	}

	/// Something else, by number.
	pub fn other(self) -> usize {
		self.0[3].into()
	}

	/// How much: two digits and a half times a power of ten, and now and then more than there is of anything.
	pub fn amount(self) -> Balance {
		let digits = u16::from_le_bytes([self.0[4], self.0[5]]);
		match self.0[6] {
			u8::MAX => Balance::MAX,
			power => Balance::from(digits) * 10u128.pow(u32::from(power % 8)),
		}
	}

	/// The same, but no more than `most`, unless it is more than there is of anything.
	pub fn amount_up_to(self, most: Balance) -> Balance {
		match self.amount() {
			Balance::MAX => Balance::MAX,
			amount => amount % most.saturating_add(1).max(1),
		}
	}

	/// A number of its own, from the bytes of the amount.
	pub fn number(self) -> u64 {
		u16::from_le_bytes([self.0[4], self.0[5]]).into()
	}

	/// In which way the call reaches the chain.
	pub fn way(self) -> u8 {
		self.0[7]
	}

	/// Bytes of its own, but for which act it is.
	pub fn bytes(self) -> [u8; LENGTH - 1] {
		let [_, bytes @ ..] = self.0;
		bytes
	}
}
