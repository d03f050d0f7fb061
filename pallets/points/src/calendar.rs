//! Periods of programs: counted in milliseconds, or by the calendar of a place.
//!
//! Dates are of the proleptic Gregorian calendar, without leap seconds, as in Unix time; the arithmetic is that of
//! Howard Hinnant, [chrono-Compatible Low-Level Date Algorithms](https://howardhinnant.github.io/date_algorithms.html).

use alloc::{format, string::String};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use hanse_primitives::{Moment, DAY};
use scale_info::TypeInfo;

/// Minutes by which the clocks of a place are ahead of UTC, the whole year: -840 to 840.
pub type Offset = i16;

/// The most minutes that clocks are ahead or behind: UTC+14, of the Line Islands.
const MAX_OFFSET: Offset = 14 * 60;
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// How long points go into the same vintage. Periods follow the time of day, whatever stands.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Period {
	/// So many milliseconds; the first begins with the program.
	Milliseconds(Moment),
	/// Calendar months of a place; the first ends with the month in which the program begins.
	Months(Offset),
	/// Calendar quarters.
	Quarters(Offset),
	/// Calendar years.
	Years(Offset),
}

impl Period {
	/// Its months and the offset from UTC, if it goes by the calendar.
	fn calendar(self) -> Option<(i64, Offset)> {
		match self {
			Period::Milliseconds(_) => None,
			Period::Months(offset) => Some((1, offset)),
			Period::Quarters(offset) => Some((3, offset)),
			Period::Years(offset) => Some((12, offset)),
		}
	}

	/// Whether its offset is one that there can be.
	pub fn is_valid(self) -> bool {
		self.calendar().is_none_or(|(_, offset)| (-MAX_OFFSET..=MAX_OFFSET).contains(&offset))
	}

	/// Whether vintages of `self` and `other` are called in the same way: counted, or after the calendar of one
	/// place.
	pub fn is_named_as(self, other: Period) -> bool {
		self.calendar().map(|(_, offset)| offset) == other.calendar().map(|(_, offset)| offset)
	}

	/// The milliseconds of the shortest one: February, the first quarter or any year that is not a leap year.
	pub fn shortest(self) -> Moment {
		match self {
			Period::Milliseconds(length) => length,
			Period::Months(_) => 28 * DAY,
			Period::Quarters(_) => 90 * DAY,
			Period::Years(_) => 365 * DAY,
		}
	}

	/// The begin and the end of the period in which `now` lies, if the first one began at `started`. A moment is
	/// in the period that it begins.
	pub fn around(self, started: Moment, now: Moment) -> (Moment, Moment) {
		match (self, self.calendar()) {
			(_, Some((months, offset))) => {
				let first = month_of(now, offset).div_euclid(months) * months;
				(first_of(first, offset).max(started), first_of(first + months, offset))
			},
			(Period::Milliseconds(length), _) => {
				let begin = started.saturating_add(now.saturating_sub(started) / length.max(1) * length);
				(begin, begin.saturating_add(length))
			},
			(_, None) => (started, now),
		}
	}

	/// What the period that ends at `end` is called: `26`, `26Q4`, `2611`; `nth`, counted from 1, if it goes by
	/// no calendar.
	pub fn label(self, end: Moment, nth: u32) -> String {
		let Some((months, offset)) = self.calendar() else { return format!("{nth}") };
		let month = month_of(end.saturating_sub(1), offset);
		let (year, month) = (month.div_euclid(12) % 100, month.rem_euclid(12));
		match months {
			1 => format!("{year:02}{:02}", month + 1),
			3 => format!("{year:02}Q{}", month / 3 + 1),
			_ => format!("{year:02}"),
		}
	}
}

/// The months from January of year 0 to the one in which `moment` lies at a place.
fn month_of(moment: Moment, offset: Offset) -> i64 {
	let local = (moment.min(i64::MAX as Moment / 2) as i64).saturating_add(i64::from(offset) * MINUTE);
	// Years are counted from March, so that the leap day is the last of its year; eras have 400 years.
	let days = local.div_euclid(DAY as i64) + 719_468;
	let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
	let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
	let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	let month_from_march = (5 * day_of_year + 2) / 153;
	(era * 400 + year_of_era) * 12 + month_from_march + 2
}

/// The first moment of a month at a place.
fn first_of(month: i64, offset: Offset) -> Moment {
	let (year, month_from_march) = ((month - 2).div_euclid(12), (month - 2).rem_euclid(12));
	let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
	let day_of_year = (153 * month_from_march + 2) / 5;
	let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	let days = era * 146_097 + day_of_era - 719_468;
	Moment::try_from(days * DAY as i64 - i64::from(offset) * MINUTE).unwrap_or(0)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const HOUR: Moment = 3_600_000;
	/// The first moment of 2026 in UTC.
	const Y2026: Moment = 1_767_225_600_000;

	fn days_in(year: i64, month: i64) -> u64 {
		match month {
			2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
			2 => 28,
			4 | 6 | 9 | 11 => 30,
			_ => 31,
		}
	}

	#[test]
	fn every_month_from_1970_to_2400_is_as_long_as_it_is() {
		let mut begin = 0;
		for year in 1970..=2400 {
			for month in 1..=12 {
				let end = begin + days_in(year, month) * DAY;
				for now in [begin, begin + 1, (begin + end) / 2, end - 1] {
					assert_eq!(Period::Months(0).around(0, now), (begin, end), "{year}-{month}");
					assert_eq!(month_of(now, 0), year * 12 + month - 1);
				}
				begin = end;
			}
		}
		// The first moment of 2401.
		assert_eq!(begin, 13_601_088_000_000);
	}

	#[test]
	fn quarters_and_years_begin_with_their_first_month() {
		let year = |year: i64| first_of(year * 12, 0);
		assert_eq!(year(2026), Y2026);
		for now in [Y2026, Y2026 + 59 * DAY, Y2026 + 90 * DAY - 1] {
			assert_eq!(Period::Quarters(0).around(0, now), (Y2026, Y2026 + 90 * DAY));
		}
		// 2028 and 2400 are leap years, 2100 is none.
		for (leap, days) in [(2026, 365), (2028, 366), (2100, 365), (2400, 366)] {
			let (begin, end) = Period::Years(0).around(0, year(leap) + 200 * DAY);
			assert_eq!((begin, end - begin), (year(leap), days * DAY));
		}
	}

	#[test]
	fn periods_turn_at_midnight_of_their_place() {
		for (offset, turn) in
			[(0, Y2026), (60, Y2026 - HOUR), (-300, Y2026 + 5 * HOUR), (345, Y2026 - 345 * 60_000)]
		{
			for period in [Period::Months(offset), Period::Quarters(offset), Period::Years(offset)] {
				assert_eq!(period.around(0, turn - 1).1, turn);
				assert_eq!(period.around(0, turn).0, turn);
			}
		}
	}

	#[test]
	fn the_first_period_ends_with_the_calendars_and_begins_with_the_program() {
		let started = Y2026 + 42_538_123;
		assert_eq!(Period::Months(0).around(started, started), (started, Y2026 + 31 * DAY));
		assert_eq!(Period::Milliseconds(10).around(started, started + 25), (started + 20, started + 30));
	}

	#[test]
	fn a_period_is_called_after_its_place_in_the_calendar() {
		let november = first_of(2026 * 12 + 10, 60);
		for (period, label) in [
			(Period::Years(60), "26"),
			(Period::Quarters(60), "26Q4"),
			(Period::Months(60), "2611"),
			(Period::Milliseconds(DAY), "7"),
		] {
			let (_, end) = period.around(november, november);
			assert_eq!(period.label(end, 7), label);
		}
		let (_, end) = Period::Months(-840).around(0, first_of(2109 * 12, -840));
		assert_eq!(Period::Months(-840).label(end, 1), "0901");
	}

	#[test]
	fn what_no_calendar_holds_neither_panics_nor_wraps() {
		for period in
			[Period::Months(840), Period::Years(-840), Period::Milliseconds(0), Period::Milliseconds(9)]
		{
			for now in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
				let (begin, end) = period.around(0, now);
				assert!(begin <= end);
				let _ = period.label(end, 1);
			}
		}
		assert!(Period::Years(840).is_valid() && Period::Months(-840).is_valid());
		assert!(!Period::Years(841).is_valid() && !Period::Months(i16::MIN).is_valid());
	}

	proptest! {
		#[test]
		fn every_moment_is_in_one_period_no_shorter_than_the_shortest(
			now in Y2026..Y2026 + 400 * 366 * DAY,
			offset in -840..=840i16,
		) {
			for (period, longest) in
				[(Period::Months(offset), 31), (Period::Quarters(offset), 92), (Period::Years(offset), 366)]
			{
				let (begin, end) = period.around(0, now);
				prop_assert!(begin <= now && now < end);
				prop_assert!(period.shortest() <= end - begin && end - begin <= longest * DAY);
				prop_assert_eq!(period.around(0, begin), (begin, end));
				prop_assert_eq!(period.around(0, end).0, end);
				prop_assert_eq!(period.label(end, 1), period.label(period.around(0, now).1, 1));
				prop_assert_ne!(period.label(end, 1), period.label(period.around(0, end).1, 1));
			}
		}
	}
}
