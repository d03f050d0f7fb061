use crate::MAX_VINTAGES;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{math, AssetId, Balance, InstitutionId, Moment, Tag};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{traits::EnsureAdd, ArithmeticError, BoundedVec};

/// What the members agreed on about customers, the same for everybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CustomerRules {
	/// Milliseconds of a window.
	pub window: Moment,
	/// Settlement micro-units that a person spends in one window at most.
	pub limit: Balance,
	/// Milliseconds for which a person must be known before it exchanges.
	pub exchange_age: Moment,
	/// Milliseconds that a recovery is open before it may move, and recent afterwards.
	pub recovery_delay: Moment,
	/// Calls sponsored for a person in a day at most.
	pub sponsor_quota: u32,
}

/// What an institution registered of an account.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Registration {
	/// Who registered it.
	pub registrar: InstitutionId,
	/// Who is behind it.
	pub tag: Tag,
	/// The institution with whose registration of the tag it counts: its registrar, unless it joined.
	pub voucher: InstitutionId,
	/// The salted hash of what the registrar knows about the customer.
	pub commitment: H256,
	/// Whether the customer agreed that the registrar may recover the account.
	pub may_recover: bool,
}

impl Registration {
	/// The person for whom it counts.
	pub fn person(&self) -> PersonId {
		PersonId { tag: self.tag, voucher: self.voucher }
	}
}

/// A person, as one institution vouches for it: what another says of the same tag is another person.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub struct PersonId {
	/// Who it is, to those who have the key of the hash.
	pub tag: Tag,
	/// Who says so.
	pub voucher: InstitutionId,
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
	/// Accounts that were, and for which it is remembered.
	#[codec(compact)]
	pub former: u32,
}

impl Person {
	/// Somebody who was not known before `now` and has no account yet.
	pub fn new(now: Moment) -> Self {
		Self { since: now, window: now, spent: 0, day: 0, sponsored: 0, accounts: 0, former: 0 }
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

	/// Whether this is the window that began at `window`; then `value` that was spent in it came back.
	pub fn restore_limit(&mut self, value: Balance, window: Moment) -> bool {
		let is_the_window = self.window == window;
		if is_the_window {
			self.spent = math::excess(self.spent, value);
		}
		is_the_window
	}

	/// Whether one account, registered or remembered, is all that it has.
	pub fn is_alone(&self) -> bool {
		self.accounts.saturating_add(self.former) <= 1
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
	pub fn count_sponsored(&mut self, calls: u32, day: u32) {
		self.sponsored = self.sponsored_on(day).saturating_add(calls);
		self.day = day;
	}
}

/// Something that is kept until a day, and then removed by itself.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum RetainedItem<AccountId> {
	/// What an account that is no customer's any more had spent, and how old its person is.
	FormerAccounts(AccountId, PersonId),
	/// That a customer withdrew its consent.
	WithdrawnConsents(AccountId),
}

/// The account that another one took the place of.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Predecessor<AccountId> {
	/// The account whose key was lost.
	pub account: AccountId,
	/// Accounts that stand behind one another up to here.
	pub line: u32,
	/// When it took its place, on the clock of deadlines.
	pub since: Moment,
}

/// A vintage that a recovery names.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RecoveryItem {
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
	/// From when on it may move, on the clock of deadlines.
	pub due: Moment,
	/// From when on it is over and counts no more: one delay after it was due, and later one delay after
	/// its last piece moved. A recovery ends under the delay it began under, not under a later rule.
	pub ends: Moment,
	/// The vintages, each once, in the order in which they move.
	pub items: BoundedVec<RecoveryItem, ConstU32<MAX_VINTAGES>>,
	/// How many of them have moved; `None` while it is open.
	pub moved: Option<u32>,
}

impl<AccountId, Nonce> Recovery<AccountId, Nonce> {
	/// What it counts for against the bond, in settlement micro-units.
	pub fn worth(&self) -> Result<Balance, ArithmeticError> {
		self.items.iter().try_fold(Balance::default(), |worth, claim| worth.ensure_add(claim.value))
	}

	/// Whether nothing has moved yet.
	pub fn is_open(&self) -> bool {
		self.moved.is_none()
	}

	/// Whether everything has moved.
	pub fn is_complete(&self) -> bool {
		self.moved.is_some_and(|moved| moved as usize >= self.items.len())
	}
}

/// What an institution's bond stands for.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RecoveryExposure {
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
	WithdrawnConsents,
}

/// What a customer, or its till, wants to know about it.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Customer {
	/// Who registered it.
	pub registrar: InstitutionId,
	/// Who is behind it.
	pub tag: Tag,
	/// The institution that vouches for the person: the registrar, unless the account joined another one.
	pub voucher: InstitutionId,
	/// Accounts that count together, with this one; more than one only by the customer's own signature.
	pub accounts: u32,
	/// Since when the person is known.
	pub since: Moment,
	/// From when on it may exchange.
	pub exchanges_from: Moment,
	/// Settlement micro-units that it may still spend.
	pub left: Balance,
	/// Calls that can still be sponsored today.
	pub sponsored_left: u32,
}
