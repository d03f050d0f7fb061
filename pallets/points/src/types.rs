use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	AssetId, Balance, EraIndex, InstitutionId, Moment, Name, ProgramId, Standstill, MAX_AWARDS,
	MAX_OPEN_VINTAGES,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{BoundedVec, Perquintill};

/// Ends of periods that are remembered of each program: a year, if its periods are months.
pub const MAX_CLOSINGS: u32 = 12;

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
	/// Milliseconds from an award to the day on which its points can be used: the return window of what
	/// was bought. At most half of the validity.
	pub pending: Moment,
}

/// One open vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Vintage {
	/// Its asset.
	pub asset: AssetId,
	/// Settlement micro-units owed for one smallest unit.
	pub face_value: u32,
	/// The end of the period in which it is issued.
	pub closes: Moment,
	/// The first moment at which it is expired.
	pub expires: Moment,
}

/// Terms that come into force with the period after the one in which they were revised.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Revision {
	/// The new terms.
	pub terms: Terms,
	/// The end of the last period under the old ones.
	pub from: Moment,
}

/// A clock that stands.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Stop {
	/// Since when.
	pub since: Moment,
	/// One bit for each [`Standstill`] that holds it.
	pub reasons: u8,
}

/// One institution's points.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Program {
	/// Who owes their value.
	pub issuer: InstitutionId,
	/// What is promised for points issued in the period that runs.
	pub terms: Terms,
	/// What is promised afterwards, if that is something else.
	pub revision: Option<Revision>,
	/// When it was created.
	pub created: Moment,
	/// When the first period under these terms began.
	pub started: Moment,
	/// Whether its clock stands.
	pub stopped: Option<Stop>,
	/// The part of the face value that is paid since the issuer's run-off began; all of it if there is none.
	pub rate: Option<Perquintill>,
	/// How many vintages were opened, ever.
	pub opened: u32,
	/// The open vintages, those that expire first in front, then the lower asset.
	pub vintages: BoundedVec<Vintage, ConstU32<MAX_OPEN_VINTAGES>>,
}

impl Program {
	/// What the program's clock shows at `now`.
	pub fn clock(&self, now: Moment) -> Moment {
		self.stopped.map_or(now, |stop| stop.since)
	}

	/// Take up revised terms once the clock has reached their time.
	pub fn take_up_revision(&mut self, clock: Moment) {
		if let Some(Revision { terms, from }) = self.revision.filter(|revision| revision.from <= clock) {
			self.terms = terms;
			self.started = from;
			self.revision = None;
		}
	}

	/// The end of the period that runs when the clock shows `clock`.
	pub fn period_end(&self, clock: Moment) -> Moment {
		let periods = clock.saturating_sub(self.started) / self.terms.period.max(1);
		self.started.saturating_add(periods.saturating_add(1).saturating_mul(self.terms.period))
	}

	/// The open vintages that are not expired at `now`, those that expire first in front.
	pub fn unexpired(&self, now: Moment) -> impl Iterator<Item = &Vintage> {
		self.unexpired_for(0, now)
	}

	/// Those of them that will not be expired for `lasting` more milliseconds either.
	pub fn unexpired_for(&self, lasting: Moment, now: Moment) -> impl Iterator<Item = &Vintage> {
		let until = self.clock(now).saturating_add(lasting);
		self.vintages.iter().filter(move |vintage| vintage.expires > until)
	}

	/// An open vintage that is not expired at `now`.
	pub fn find(&self, asset: AssetId, now: Moment) -> Option<&Vintage> {
		self.unexpired(now).find(|vintage| vintage.asset == asset)
	}

	/// The part of the face value that is paid.
	pub fn rate(&self) -> Perquintill {
		self.rate.unwrap_or(Perquintill::one())
	}

	/// Hold the clock for `reason`; says whether it ran.
	pub fn stop(&mut self, reason: Standstill, now: Moment) -> bool {
		let ran = self.stopped.is_none();
		self.stopped.get_or_insert(Stop { since: now, reasons: 0 }).reasons |= bit(reason);
		ran
	}

	/// One reason is gone; if it was the last, everything ahead moves by the time for which the clock stood,
	/// and it runs again. Says whether it does.
	pub fn resume(&mut self, reason: Standstill, now: Moment) -> bool {
		let Some(stop) = self.stopped.as_mut() else { return false };
		stop.reasons &= !bit(reason);
		if stop.reasons != 0 {
			return false;
		}
		let stood = now.saturating_sub(stop.since);
		self.stopped = None;
		let moments = self.vintages.iter_mut().flat_map(|v| [&mut v.closes, &mut v.expires]);
		for moment in moments.chain([&mut self.started]).chain(self.revision.as_mut().map(|r| &mut r.from)) {
			*moment = moment.saturating_add(stood);
		}
		true
	}
}

const fn bit(reason: Standstill) -> u8 {
	1 << reason as u8
}

/// How far the members were inspected whose points are outstanding.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Round {
	/// The era of the round.
	pub era: EraIndex,
	/// Who was inspected last.
	pub last: Option<InstitutionId>,
	/// Whether there are more to inspect.
	pub runs: bool,
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

/// What one account is to get.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Share<AccountId> {
	/// Who gets it.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Balance,
}

/// Awards that were made together and become usable together.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Awards<AccountId> {
	/// Whether the issuer may take them back: what it gave for one order, not what a customer exchanged.
	pub cancellable: bool,
	/// Who gets what.
	pub shares: BoundedVec<Share<AccountId>, ConstU32<MAX_AWARDS>>,
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
	/// Made against points of other programs.
	pub exchanged_in: Balance,
	/// Burned for points of other programs.
	pub exchanged_out: Balance,
	/// Breakage.
	pub expired: Balance,
	/// Awards that were taken back while they were pending.
	pub cancelled: Balance,
	/// Given back for what was spent, or carried on for who was halted when it expired.
	pub reinstated: Balance,
}

impl Flows {
	/// What must be in circulation, pending awards included; `None` if more left than came, which cannot be.
	pub fn in_circulation(&self) -> Option<Balance> {
		self.issued
			.checked_add(self.exchanged_in)?
			.checked_add(self.reinstated)?
			.checked_sub(self.redeemed_at_home)?
			.checked_sub(self.redeemed_at_partners)?
			.checked_sub(self.exchanged_out)?
			.checked_sub(self.expired)?
			.checked_sub(self.cancelled)
	}

	/// What flowed after `earlier`.
	pub fn since(&self, earlier: &Flows) -> Flows {
		Flows {
			issued: self.issued.saturating_sub(earlier.issued),
			redeemed_at_home: self.redeemed_at_home.saturating_sub(earlier.redeemed_at_home),
			redeemed_at_partners: self.redeemed_at_partners.saturating_sub(earlier.redeemed_at_partners),
			exchanged_in: self.exchanged_in.saturating_sub(earlier.exchanged_in),
			exchanged_out: self.exchanged_out.saturating_sub(earlier.exchanged_out),
			expired: self.expired.saturating_sub(earlier.expired),
			cancelled: self.cancelled.saturating_sub(earlier.cancelled),
			reinstated: self.reinstated.saturating_sub(earlier.reinstated),
		}
	}
}

/// The value of everything that an institution ever made and of what lapsed of it, in settlement
/// micro-units. What is neither outstanding nor lapsed was spent.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Made {
	/// Issued, exchanged in and reinstated.
	#[codec(compact)]
	pub made: Balance,
	/// Expired or cancelled.
	#[codec(compact)]
	pub lapsed: Balance,
}

/// What an institution issued of late.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Growth {
	/// Settlement micro-units, less what has worn off since.
	#[codec(compact)]
	pub issued: Balance,
	/// When it was counted last.
	#[codec(compact)]
	pub at: Moment,
}

/// What is owed for the points that expire at one moment.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Due {
	/// The first moment at which they are expired.
	pub expires: Moment,
	/// Smallest units, pending awards included.
	pub points: Balance,
	/// Settlement micro-units.
	pub value: Balance,
}

/// A program's books at the end of one of its periods.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Closing {
	/// The end of the period.
	pub ends: Moment,
	/// All flows up to then.
	pub flows: Flows,
	/// The liability by expiry.
	pub due: BoundedVec<Due, ConstU32<MAX_OPEN_VINTAGES>>,
}

/// The roll-forward of a program's points over one period.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct RollForward {
	/// The period's begin.
	pub from: Moment,
	/// The period's end; up to now if it still runs.
	pub until: Moment,
	/// Smallest units in circulation at its begin.
	pub opening: Balance,
	/// What flowed in it.
	pub flows: Flows,
	/// Smallest units in circulation at its end.
	pub closing: Balance,
	/// The liability at its end, by expiry.
	pub due: Vec<Due>,
}

/// What an account holds of one vintage.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Holding {
	/// The program.
	pub program: ProgramId,
	/// The vintage.
	pub asset: AssetId,
	/// Smallest units that can be used.
	pub amount: Balance,
	/// Smallest units of awards that cannot be used yet.
	pub pending: Balance,
	/// The first moment at which they are expired; later, if the program's clock stands.
	pub expires: Moment,
	/// What all of them would pay, in settlement micro-units.
	pub value: Balance,
}

/// A part of what an account holds.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Portfolio {
	/// By program, those that expire first in front.
	pub holdings: Vec<Holding>,
	/// The program from which the next page goes on, if there is one.
	pub next: Option<ProgramId>,
}

/// One program in its institution's statement.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ProgramStatement {
	/// The program.
	pub program: ProgramId,
	/// What happened to its points, ever.
	pub flows: Flows,
	/// The liability by expiry.
	pub due: Vec<Due>,
}

/// What stands behind an institution's points, and what it owes for them, in settlement micro-units.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Statement {
	/// Its bond.
	pub bond: Balance,
	/// Its reserve.
	pub reserve: Balance,
	/// The face value of all its points.
	pub outstanding: Balance,
	/// The highest outstanding value that bond and free reserve allow.
	pub cap: Balance,
	/// The lowest free reserve for what is outstanding.
	pub minimum_reserve: Balance,
	/// Its programs.
	pub programs: Vec<ProgramStatement>,
}
