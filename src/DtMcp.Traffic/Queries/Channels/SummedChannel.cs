using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Channels;

/// <summary>A channel that the history summed: what an analysis finds out of its ends itself is not filled.</summary>
/// <param name="Sums">All but <see cref="Channel.Way"/>.</param>
/// <param name="Marks">What its first row says of its direction.</param>
/// <param name="LastEnd">When the last connection ended, in milliseconds since 1970; nothing where no start is known.</param>
/// <param name="HasArtefacts">Whether a sensor made up the bytes of any.</param>
internal readonly record struct SummedChannel(Channel Sums, FlowTraits Marks, long LastEnd, bool HasArtefacts);

/// <summary>Takes a channel, and the start and the bytes of each of its connections, where it has as many as were asked for.</summary>
internal delegate void SummedChannelTaker(in SummedChannel channel, ReadOnlySpan<long> starts, ReadOnlySpan<int> sizes);
