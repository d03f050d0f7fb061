use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use hanse_primitives::Name;
use scale_info::TypeInfo;

/// Where an institution stands.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Status {
	/// A member with all its rights.
	Active,
	/// A member that may not issue for now, but is paid and redeems as ever.
	Suspended,
}

impl Status {
	/// May issue, grant and draw down.
	pub fn is_active(self) -> bool {
		self == Status::Active
	}

	/// May be paid. A suspension never stops a customer's spending.
	pub fn is_payable(self) -> bool {
		matches!(self, Status::Active | Status::Suspended)
	}
}

/// A member of the alliance.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Institution<AccountId> {
	/// The one account that acts for it; keys inside an institution are proxies and multisigs of it.
	pub account: AccountId,
	/// What it calls itself.
	pub name: Name,
	/// Where it stands.
	pub status: Status,
}
