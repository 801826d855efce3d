using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Answers;

/// <summary>Whom a row of an answer is about, for what is looked up beside it.</summary>
/// <param name="Did">The device's id, where it is known.</param>
/// <param name="Ip">Its address, where it is known.</param>
/// <param name="Far">The one host outside, where there is one.</param>
/// <param name="FirstMs">From when, in milliseconds since 1970.</param>
/// <param name="LastMs">Until when.</param>
internal sealed record Subject(long? Did, string? Ip, NetAddress? Far, long FirstMs, long LastMs);
