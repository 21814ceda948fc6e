const vertexSource = `
attribute vec2 place;
attribute vec4 color;
uniform vec2 scale;
uniform vec2 shift;
uniform float size;
varying vec4 tint;
void main() {
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  gl_PointSize = size * (color.a > 0.99 ? 1.35 : 1.0);
  tint = color;
}`;

const fragmentSource = `
precision mediump float;
varying vec4 tint;
void main() {
  float from_center = length(gl_PointCoord - 0.5);
  float alpha = tint.a * (1.0 - smoothstep(0.42, 0.5, from_center));
  if (alpha < 0.01) discard;
  gl_FragColor = vec4(tint.rgb * alpha, alpha);
}`;

function compile(gl: WebGLRenderingContext, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind) as WebGLShader;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
    throw new Error(`The map's shader does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}

/** What part of the plane is shown: its center and how many pixels of the screen a unit takes. */
export interface PlaneView {
  x: number;
  y: number;
  zoom: number;
}

/** Draws up to millions of points as discs with WebGL. Needs `draw` after every change. */
export class ScatterGl {
  private readonly gl: WebGLRenderingContext;
  private readonly program: WebGLProgram;
  private readonly places: WebGLBuffer;
  private readonly colors: WebGLBuffer;
  private num = 0;

  /** Throws where the browser has no WebGL. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl', { antialias: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('This browser cannot draw the map: WebGL is switched off or missing.');
    this.gl = gl;
    this.program = gl.createProgram() as WebGLProgram;
    gl.attachShader(this.program, compile(gl, gl.VERTEX_SHADER, vertexSource));
    gl.attachShader(this.program, compile(gl, gl.FRAGMENT_SHADER, fragmentSource));
    gl.linkProgram(this.program);
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.places = gl.createBuffer() as WebGLBuffer;
    this.colors = gl.createBuffer() as WebGLBuffer;
  }

  setPlaces(xy: Float32Array): void {
    this.num = xy.length / 2;
    this.fill(this.places, 'place', xy, 2, this.gl.FLOAT, false);
  }

  /** @param rgba four bytes a point; full opacity makes a point larger */
  setColors(rgba: Uint8Array): void {
    this.fill(this.colors, 'color', rgba, 4, this.gl.UNSIGNED_BYTE, true);
  }

  private fill(
    buffer: WebGLBuffer,
    name: string,
    data: Float32Array | Uint8Array,
    size: number,
    type: number,
    normalized: boolean,
  ): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    const location = gl.getAttribLocation(this.program, name);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalized, 0, 0);
  }

  draw(view: PlaneView, pointSize: number): void {
    const { gl, canvas, program } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
      [canvas.width, canvas.height] = [width * ratio, height * ratio];
    }
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (this.num === 0 || width === 0) return;
    const scale = [(2 * view.zoom) / width, (-2 * view.zoom) / height] as const;
    gl.uniform2f(gl.getUniformLocation(program, 'scale'), scale[0], scale[1]);
    const shift = [-view.x * scale[0], -view.y * scale[1]] as const;
    gl.uniform2f(gl.getUniformLocation(program, 'shift'), shift[0], shift[1]);
    gl.uniform1f(gl.getUniformLocation(program, 'size'), pointSize * ratio);
    gl.drawArrays(gl.POINTS, 0, this.num);
  }

  destroy(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
