//! Programs: their terms, vintages and clocks, and what their issuers owe.

mod awards;
mod books;

pub use awards::*;
pub use books::*;

use crate::calendar::Period;
use alloc::collections::btree_set::BTreeSet;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	math::excess, names, AssetId, ClockStop, Duration, EraIndex, FlagSet, InstitutionId, Moment, Money, Name,
	Reading, MAX_OPEN_VINTAGES,
};
use scale_info::TypeInfo;
use sp_runtime::{BoundedVec, Perquintill};

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
	/// How long points go into the same vintage.
	pub period: Period,
	/// Milliseconds from the end of the period to the expiry; at most six of the shortest periods.
	pub validity: Duration,
	/// Milliseconds from an award to the day on which its points can be used: the return window of what
	/// was bought. At most half of the validity.
	pub pending: Duration,
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
	/// The first moment at which it is expired, on the clock of deadlines less the time for which the program's
	/// own clock stands.
	pub expires: Moment,
}

/// Terms from the begin of a period on.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Revision {
	/// The terms.
	pub terms: Terms,
	/// The begin of the first period under them.
	pub from: Moment,
}

/// A clock that stands.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct StoppedClock {
	/// Since when, on the clock of deadlines.
	pub since: Moment,
	/// Why.
	pub reasons: FlagSet<ClockStop>,
}

/// One institution's points.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Program {
	/// Who owes their value.
	pub issuer: InstitutionId,
	/// What was promised before the last revision; [`Program::terms_at`] says what is in force.
	pub terms: Terms,
	/// What was promised last instead, and from when.
	pub revision: Option<Revision>,
	/// The time at which it was created.
	pub created: Moment,
	/// The time at which the first period under `terms` began.
	pub started: Moment,
	/// Whether its clock stands.
	pub stopped: Option<StoppedClock>,
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

	/// The terms that are in force at `now`.
	pub fn terms_at(&self, now: Moment) -> Terms {
		self.in_force(now).terms
	}

	/// The terms that are in force at `now`, and since when.
	fn in_force(&self, now: Moment) -> Revision {
		let first = Revision { terms: self.terms, from: self.started };
		self.revision.filter(|revision| revision.from <= now).unwrap_or(first)
	}

	/// What will be promised after the period that runs at `now`, if that is something else.
	pub fn next_terms(&self, now: Moment) -> Option<Revision> {
		self.revision.filter(|revision| revision.from > now)
	}

	/// Promise other `terms` from the end of the period that runs at `now`, which it returns.
	pub fn revise(&mut self, terms: Terms, now: Moment) -> Moment {
		let (before, from) = (self.in_force(now), self.period_end(now));
		(self.terms, self.started) = (before.terms, before.from);
		self.revision = Some(Revision { terms, from });
		from
	}

	/// The begin of the period that runs at `now`.
	pub fn period_begin(&self, now: Moment) -> Moment {
		let Revision { terms, from } = self.in_force(now);
		let (begin, _) = terms.period.around(from, now);
		begin
	}

	/// The end of the period that runs at `now`.
	pub fn period_end(&self, now: Moment) -> Moment {
		let Revision { terms, from } = self.in_force(now);
		let (_, end) = terms.period.around(from, now);
		end
	}

	/// The open vintages that are not expired at `now`, those that expire first in front.
	pub fn unexpired(&self, now: Moment) -> impl Iterator<Item = &Vintage> {
		self.unexpired_for(0, now)
	}

	/// Those of them that will not be expired for `lasting` more milliseconds either.
	pub fn unexpired_for(&self, lasting: Duration, now: Moment) -> impl Iterator<Item = &Vintage> {
		let until = self.clock(now).saturating_add(lasting);
		self.vintages.iter().filter(move |vintage| vintage.expires > until)
	}

	/// An open vintage that is not expired at `now`.
	pub fn find(&self, asset: AssetId, now: Moment) -> Option<&Vintage> {
		self.unexpired(now).find(|vintage| vintage.asset == asset)
	}

	/// Let a vintage expire at `expires`; returns it, if it is open.
	pub fn prolong(&mut self, asset: AssetId, expires: Moment) -> Option<Vintage> {
		let vintage = self.vintages.iter_mut().find(|vintage| vintage.asset == asset)?;
		vintage.expires = expires;
		let vintage = *vintage;
		self.vintages.sort_by_key(|vintage| (vintage.expires, vintage.asset));
		Some(vintage)
	}

	/// Hold the clock for `reason`; says whether it ran.
	pub fn stop(&mut self, reason: ClockStop, now: Moment) -> bool {
		let ran = self.stopped.is_none();
		let stop = self.stopped.get_or_insert(StoppedClock { since: now, reasons: Default::default() });
		stop.reasons.insert(reason);
		ran
	}

	/// One reason is gone; if it was the last, every expiry moves by the time for which the clock stood, and it
	/// runs again. Says for how long it stood, if it runs again.
	pub fn resume(&mut self, reason: ClockStop, now: Moment) -> Option<Duration> {
		let stop = self.stopped.as_mut()?;
		stop.reasons.remove(reason);
		if !stop.reasons.is_empty() {
			return None;
		}
		let stood = now.saturating_sub(stop.since);
		self.stopped = None;
		for vintage in &mut self.vintages {
			vintage.expires = vintage.expires.saturating_add(stood);
		}
		Some(stood)
	}
}

/// Since when a reserve is below the minimum.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Shortfall {
	/// The era at whose beginning it was found.
	#[codec(compact)]
	pub era: EraIndex,
	/// Milliseconds for which the clock of deadlines had stood by then, ever.
	#[codec(compact)]
	pub stood: Duration,
}

/// How a program is called.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Label {
	/// Its name.
	pub name: Name,
	/// Its short name.
	pub symbol: Symbol,
}

impl Label {
	/// What a program can be called; `None` if that is no name or no symbol.
	pub fn new(name: &[u8], symbol: &[u8]) -> Option<Label> {
		let is_symbol =
			!symbol.is_empty() && symbol.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
		let symbol = is_symbol.then(|| Symbol::try_from(symbol.to_vec()).ok()).flatten()?;
		Some(Label { name: names::name(name)?, symbol })
	}

	/// How name and symbol can be read: at most six.
	pub fn readings(&self) -> BTreeSet<Reading> {
		names::readings(&self.name).into_iter().chain(names::readings(&self.symbol)).collect()
	}
}

/// What an institution owes for its points: of the size that the trie keeps in place, since every payment changes
/// it.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Liability {
	/// The face value of what holders have and of what is authorised, in settlement micro-units.
	#[codec(compact)]
	pub outstanding: Money,
	/// Of that, the face value of points that are burned and may come back.
	#[codec(compact)]
	pub authorised: Money,
	/// The part of the face value that is paid since a run-off began, if one did.
	pub run_off: Option<Perquintill>,
}

impl Liability {
	/// The part of the face value that is paid.
	pub fn rate(&self) -> Perquintill {
		self.run_off.unwrap_or(Perquintill::one())
	}
}

/// The value of everything that an institution ever made and of what lapsed of it, in settlement
/// micro-units. What is neither outstanding nor lapsed was spent.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct LifetimeValue {
	/// Issued, exchanged in and reinstated.
	#[codec(compact)]
	pub created: Money,
	/// Expired or cancelled.
	#[codec(compact)]
	pub lapsed: Money,
}

/// What was made of an institution's points with money that came for them of late: exchanged in, or given back by
/// others.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Funded {
	/// Settlement micro-units, with what was spent since.
	#[codec(compact)]
	pub value: Money,
	/// What had ever been spent of the institution's points when that was counted from, in settlement micro-units.
	#[codec(compact)]
	pub spent: Money,
	/// When that was.
	#[codec(compact)]
	pub since: Moment,
}

impl Funded {
	/// What of it was not spent, if by now `spent` was: what is owed today beyond what was owed then.
	pub fn left(&self, spent: Money) -> Money {
		excess(self.value, excess(spent, self.spent))
	}
}

/// What an institution issued of late.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RecentIssuance {
	/// Settlement micro-units, less what has worn off since.
	#[codec(compact)]
	pub issued: Money,
	/// When it was counted last.
	#[codec(compact)]
	pub at: Moment,
}
