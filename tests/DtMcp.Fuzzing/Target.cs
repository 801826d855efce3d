namespace DtMcp.Fuzzing;

/// <summary>Something that reads what others wrote. Whatever it throws is a fault: refusals that are meant to be are taken in it.</summary>
internal sealed record Target(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Try);
