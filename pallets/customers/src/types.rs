use crate::MAX_VINTAGES;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{AssetId, Balance, InstitutionId, Moment, Tag};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// What an institution registered of an account.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Registration {
	/// Who registered it.
	pub registrar: InstitutionId,
	/// The person behind it.
	pub tag: Tag,
	/// The salted hash of what the registrar knows about the customer.
	pub commitment: H256,
	/// Whether the customer agreed that the registrar may recover the account.
	pub may_recover: bool,
}

/// What counts for a person, whatever the number of its accounts.
///
/// One record for age, limit and quota, so that a payment touches one item, and compact, so that it has at
/// most 32 bytes as long as amounts and times are such as occur: a value of that size lies in its trie node
/// and costs no read of its own.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Person {
	/// When the first account was registered: from here age counts.
	#[codec(compact)]
	pub since: Moment,
	/// When the running window began.
	#[codec(compact)]
	pub window: Moment,
	/// Settlement micro-units spent in that window.
	#[codec(compact)]
	pub spent: Balance,
	/// The day for which sponsored calls are counted.
	#[codec(compact)]
	pub day: u32,
	/// Calls sponsored on that day.
	#[codec(compact)]
	pub sponsored: u32,
	/// Accounts that are registered now.
	#[codec(compact)]
	pub accounts: u32,
}

impl Person {
	/// Somebody who was not known before `now` and has no account yet.
	pub fn new(now: Moment) -> Self {
		Self { since: now, window: now, spent: 0, day: 0, sponsored: 0, accounts: 0 }
	}

	/// What is spent in the window that runs at `now`, where a window lasts `length`: nothing once the
	/// last one is over.
	pub fn spent_at(&self, now: Moment, length: Moment) -> Balance {
		if now >= self.window.saturating_add(length) {
			0
		} else {
			self.spent
		}
	}

	/// Count `value`; `None`, and no change, if the window would then hold more than `limit`. A window that
	/// is over gives way to one that begins now, so that at most one limit is spent in each.
	pub fn spend(&mut self, value: Balance, now: Moment, length: Moment, limit: Balance) -> Option<()> {
		let is_over = now >= self.window.saturating_add(length);
		let spent = self.spent_at(now, length).checked_add(value).filter(|spent| *spent <= limit)?;
		if is_over {
			self.window = now;
		}
		self.spent = spent;
		Some(())
	}

	/// `value` that was spent in the window that began at `window` came back.
	pub fn give_back(&mut self, value: Balance, window: Moment) {
		if self.window == window {
			self.spent = self.spent.saturating_sub(value);
		}
	}

	/// Calls that were sponsored on `day`.
	pub fn sponsored_on(&self, day: u32) -> u32 {
		if self.day == day {
			self.sponsored
		} else {
			0
		}
	}

	/// Count `calls` as sponsored on `day`.
	pub fn sponsor(&mut self, calls: u32, day: u32) {
		self.sponsored = self.sponsored_on(day).saturating_add(calls);
		self.day = day;
	}
}

/// A vintage that a recovery names.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Claim {
	/// The vintage.
	#[codec(compact)]
	pub vintage: AssetId,
	/// What the old account held of it when it was named, or, once it has moved, what really moved, in
	/// settlement micro-units.
	#[codec(compact)]
	pub value: Balance,
}

/// The way of what a lost key held to a new account.
///
/// It is *open* until its first piece moves, and *recent* from then on.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Recovery<AccountId, Nonce> {
	/// Who recovers, with its bond behind it.
	pub institution: InstitutionId,
	/// Where it goes.
	pub new: AccountId,
	/// The nonce of the old account when the recovery began: another one now means that its key signed.
	pub nonce: Nonce,
	/// From when on it may move.
	pub due: Moment,
	/// From when on it is over and counts no more: one delay after it was due, and later one delay after
	/// its last piece moved. A recovery ends under the delay it began under, not under a later rule.
	pub ends: Moment,
	/// The vintages, each once, in the order in which they move.
	pub claims: BoundedVec<Claim, ConstU32<MAX_VINTAGES>>,
	/// How many of them have moved; `None` while it is open.
	pub moved: Option<u32>,
}

impl<AccountId, Nonce> Recovery<AccountId, Nonce> {
	/// What it counts for against the bond, in settlement micro-units.
	pub fn worth(&self) -> Balance {
		self.claims.iter().fold(0, |worth: Balance, claim| worth.saturating_add(claim.value))
	}

	/// Whether nothing has moved yet.
	pub fn is_open(&self) -> bool {
		self.moved.is_none()
	}

	/// Whether everything has moved.
	pub fn is_complete(&self) -> bool {
		self.moved.is_some_and(|moved| moved as usize >= self.claims.len())
	}
}

/// What an institution's bond stands for.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Stake {
	/// Its open and recent recoveries.
	pub recoveries: u32,
	/// What they are worth together, in settlement micro-units.
	pub worth: Balance,
}

/// Why a recovery was given up before anything moved.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Cancellation {
	/// The old key signed a transaction, or its account is gone.
	Signed,
	/// The old account objected.
	Objected,
	/// The old account is not registered any more.
	Unregistered,
	/// The new account got registered by itself.
	NewRegistered,
	/// Nobody completed it within one delay after it was due.
	Lapsed,
	/// The institution took it back.
	Withdrawn,
}

/// What a customer, or its till, wants to know about it.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Customer {
	/// Who registered it.
	pub registrar: InstitutionId,
	/// The person behind it.
	pub tag: Tag,
	/// Since when the person is known.
	pub since: Moment,
	/// From when on it may exchange.
	pub exchanges_from: Moment,
	/// Settlement micro-units that it may still spend.
	pub left: Balance,
	/// Calls that can still be sponsored today.
	pub sponsored_left: u32,
}
