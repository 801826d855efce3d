using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>Which of some destinations the history saw in a time before.</summary>
/// <param name="FromMs">The start of that time, or of the first hour that is held of it.</param>
/// <param name="Hours">How many hours of it are held.</param>
/// <param name="Seen">The destinations.</param>
internal sealed record HistoryPast(long FromMs, int Hours, IReadOnlySet<NetAddress> Seen);

/// <summary>What the history knows of one end.</summary>
/// <param name="FromMs">Since when anything is held.</param>
/// <param name="Hours">How many hours are held.</param>
/// <param name="FirstMs">Its first start among them; 0 where there is none.</param>
/// <param name="LastMs">Its last start.</param>
/// <param name="Devices">How many devices it was connected with.</param>
/// <param name="Days">On how many days, of UTC.</param>
internal sealed record HistoryRecord(long FromMs, int Hours, long FirstMs, long LastMs, long Devices, long Days);
