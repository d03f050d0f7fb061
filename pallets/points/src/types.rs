use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{AssetId, Balance, InstitutionId, Moment, Name, MAX_OPEN_VINTAGES};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// The short name of a program as wallets show it: 1 to 8 of `A-Z` and `0-9`.
pub type Symbol = BoundedVec<u8, ConstU32<8>>;

/// What an institution promises to the holders of points issued from now on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Terms {
	/// Settlement micro-units owed for one smallest unit: 1 to 10,000.
	pub face_value: u32,
	/// How many digits of the amount wallets show after the point: 0 to 6.
	pub decimals: u8,
	/// Milliseconds during which points go into the same vintage.
	pub period: Moment,
	/// Milliseconds from the end of the period to the expiry; at most six periods.
	pub validity: Moment,
}

/// One open vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Vintage {
	/// Its asset.
	pub asset: AssetId,
	/// Settlement micro-units owed for one smallest unit.
	pub face_value: u32,
	/// The first moment at which it is expired.
	pub expires: Moment,
}

/// One institution's points.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Program {
	/// Who owes their value.
	pub issuer: InstitutionId,
	/// What is promised for points issued now.
	pub terms: Terms,
	/// When the first period began.
	pub started: Moment,
	/// How many vintages were opened, ever.
	pub opened: u32,
	/// The open vintages, those that expire first in front.
	pub vintages: BoundedVec<Vintage, ConstU32<MAX_OPEN_VINTAGES>>,
}

impl Program {
	/// When points that are issued at `now` expire: their period's end and the validity.
	pub fn expiry_at(&self, now: Moment) -> Moment {
		let periods = now.saturating_sub(self.started) / self.terms.period.max(1);
		self.started
			.saturating_add(periods.saturating_add(1).saturating_mul(self.terms.period))
			.saturating_add(self.terms.validity)
	}
}

/// How a program is called.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Label {
	/// Its name.
	pub name: Name,
	/// Its short name.
	pub symbol: Symbol,
}

/// Points for one order.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Award<AccountId> {
	/// Who earned them.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Balance,
	/// The commitment of the order that earned them.
	pub order: H256,
}

/// What happened to a program's points, in smallest units: an auditor's roll-forward.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Flows {
	/// Issued for orders.
	pub issued: Balance,
	/// Spent at the issuer.
	pub redeemed_at_home: Balance,
	/// Spent at other members.
	pub redeemed_at_partners: Balance,
	/// Minted against points of other programs.
	pub exchanged_in: Balance,
	/// Burned for points of other programs.
	pub exchanged_out: Balance,
	/// Breakage.
	pub expired: Balance,
}

impl Flows {
	/// What must be in circulation; `None` if more left than came, which cannot be.
	pub fn in_circulation(&self) -> Option<Balance> {
		self.issued
			.checked_add(self.exchanged_in)?
			.checked_sub(self.redeemed_at_home)?
			.checked_sub(self.redeemed_at_partners)?
			.checked_sub(self.exchanged_out)?
			.checked_sub(self.expired)
	}
}
