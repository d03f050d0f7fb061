use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use hanse_primitives::{names, EraIndex, Moment, Name};
use scale_info::TypeInfo;
use sp_core::H256;

/// Where an institution stands.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Status {
	/// Wants to be a member; its bond is held.
	Applied,
	/// A member with all its rights.
	Active,
	/// A member that may not issue for now, but votes, is paid and redeems as ever.
	Suspended,
	/// On its way out by its own will, with a free reserve that covers its points in full. They are redeemed; it
	/// can close after the era `until`, the last one in which a receipt from before can be refunded.
	Leaving {
		/// The last era in which it cannot close.
		until: EraIndex,
	},
	/// On its way out because it cannot or may not go on. As `Leaving` otherwise.
	RunOff {
		/// The last era in which it cannot close.
		until: EraIndex,
	},
	/// Gone. If points of it are outstanding, its reserve stayed behind for them, in full.
	Left,
}

/// A cause of a change of status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Transition {
	/// The members voted for an applicant.
	Admit,
	/// A consequence of what a member did.
	Suspend,
	/// The end of a suspension.
	Reinstate,
	/// The member's own will.
	Leave,
	/// The members' vote, or that the member cannot pay.
	RunOff,
	/// Nothing keeps it any more.
	Close,
}

impl Status {
	/// Where `step` leads from here, if anywhere: the one table of statuses. `until` is the last era in
	/// which a receipt of today can be refunded.
	pub fn after(self, step: Transition, until: EraIndex) -> Option<Status> {
		use Status::*;
		match (self, step) {
			(Applied, Transition::Admit) => Some(Active),
			(Active, Transition::Suspend) => Some(Suspended),
			(Suspended, Transition::Reinstate) => Some(Active),
			(Active, Transition::Leave) => Some(Leaving { until }),
			(Active | Suspended, Transition::RunOff) => Some(RunOff { until }),
			(Leaving { .. } | RunOff { .. }, Transition::Close) => Some(Left),
			_ => None,
		}
	}

	/// May issue, grant and draw down.
	pub fn is_active(self) -> bool {
		self == Status::Active
	}

	/// May be paid. A suspension never stops a customer's spending.
	pub fn is_payable(self) -> bool {
		matches!(self, Status::Active | Status::Suspended)
	}

	/// Gives nothing back any more that others spent with it.
	pub fn has_closed_books(self) -> bool {
		matches!(self, Status::RunOff { .. } | Status::Left)
	}

	/// Its free reserve serves the holders of its points before anybody else.
	pub fn serves_holders(self) -> bool {
		matches!(self, Status::Leaving { .. } | Status::RunOff { .. } | Status::Left)
	}

	/// Belongs to the electorate. Neither a suspension nor silence takes the vote away.
	pub fn votes(self) -> bool {
		self.is_payable()
	}

	/// Counts towards the most members that there can be.
	pub fn is_member(self) -> bool {
		!matches!(self, Status::Applied | Status::Left)
	}
}

/// What an institution says about itself.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Profile {
	/// What it calls itself.
	pub name: Name,
	/// The hash of the document in which it describes itself.
	pub document: H256,
}

/// What it would like to say: of any length, so that a name which is too long is refused by its name.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ProfileDraft {
	/// What it wants to be called, as [`names::name`] accepts it.
	pub name: Vec<u8>,
	/// The hash of the document in which it describes itself.
	pub document: H256,
}

impl ProfileDraft {
	/// What of it can stand; `None` if the name is none.
	pub fn accepted(&self) -> Option<Profile> {
		names::name(&self.name).map(|name| Profile { name, document: self.document })
	}
}

/// An institution.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Institution<AccountId> {
	/// The one account that acts for it; keys inside an institution are proxies and multisigs of it.
	pub account: AccountId,
	/// What it says about itself.
	pub profile: Profile,
	/// Where it stands.
	pub status: Status,
}

/// When a voter was last heard of.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Presence<Nonce> {
	/// The nonce of its account at the last scan that found a sign of it.
	pub nonce: Nonce,
	/// The moment of that scan.
	pub last_seen: Moment,
	/// The newest motion in which its vote had been seen by then, counted from 1 on.
	pub motion: u32,
	/// It gave a sign since, of which its nonce does not tell.
	pub again: bool,
}
