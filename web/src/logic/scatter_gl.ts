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

/** WebGL's strides have 255 bytes at most; a place has 8. */
const mostStep = 31;

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
    this.fill(this.places, xy);
  }

  /** @param rgba four bytes a point; full opacity makes a point larger */
  setColors(rgba: Uint8Array): void {
    this.fill(this.colors, rgba);
  }

  private fill(buffer: WebGLBuffer, data: Float32Array | Uint8Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  }

  /** Reads the attribute from the buffer, `size` numbers a point, of each `every`th point. */
  private bind(name: string, buffer: WebGLBuffer, size: number, type: number, every: number): void {
    const { gl } = this;
    const location = gl.getAttribLocation(this.program, name);
    const numBytes = size * (type === gl.FLOAT ? 4 : 1);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, type !== gl.FLOAT, numBytes * every, 0);
  }

  /** Draws each `every`th point, at most each 31st. */
  draw(view: PlaneView, pointSize: number, every = 1): void {
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
    const step = Math.min(every, mostStep);
    this.bind('place', this.places, 2, gl.FLOAT, step);
    this.bind('color', this.colors, 4, gl.UNSIGNED_BYTE, step);
    gl.drawArrays(gl.POINTS, 0, Math.floor(this.num / step));
  }

  destroy(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
